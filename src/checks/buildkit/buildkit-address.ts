import { problem } from "../../findings/registrar-error.ts";
import { type Address, addressOf } from "../../network/address.ts";

/** Where builds find buildkit. */
export type BuildkitAddress = { kind: "tcp"; address: Address } | { kind: "none" } | { kind: "local" };

/** What buildkit's client takes in addition to tcp://; each is next to the build pod, or opened by a program there. */
const local = /^(?:unix|npipe|ssh|docker-container|podman-container|nerdctl-container|kube-pod):\/\/\S/;

/**
 * Parses `buildkit-uri`. Empty is a data plane without buildkit, whose images Depot builds.
 * @throws {RegistrarError} buildkit-address-malformed
 */
export function parseBuildkitAddress(text: string): BuildkitAddress {
  if (text === "") return { kind: "none" };
  if (local.test(text)) return { kind: "local" };
  // The client dials all that follows tcp:// as host:port, and the URL parser drops line breaks.
  const url = /\s/.test(text) ? null : URL.parse(text);
  const rest = url && `${url.username}${url.password}${url.pathname}${url.search}${url.hash}`;
  if (url?.protocol !== "tcp:" || url.hostname === "" || url.port === "" || rest !== "") {
    throw problem("buildkit-address-malformed", { address: text });
  }
  return { kind: "tcp", address: addressOf(url) };
}
