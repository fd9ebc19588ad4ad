import { publicIndex } from "../public-index.ts";
import { shellQuote } from "../shell-quote.ts";
import { listText } from "./cloud-fixes.ts";
import { entry, exitCodes } from "./code-entry.ts";
import { indexLine } from "./dockerfile-lines.ts";
import { type PullPlace, pullFix } from "./pull-fixes.ts";
import { grantPull } from "./pull-rights.ts";
import { type RegistryPlace, showLogin, showPolicy } from "./registry-kinds.ts";

const exit = exitCodes.failed;

const findBuildkit = () => "kubectl get pods --all-namespaces | grep buildkit";

/** What buildkit ran out of; `lost` if it is only known that it is gone. */
export type BuildkitLoss = "memory" | "disk" | "lost";

/** What a package index answers: nothing (network), nothing that is trusted (TLS), a refusal, an error. */
export type IndexFault = "network" | "tls" | "login" | "forbidden" | "server" | "other";

/** What goes wrong inside of a build, from the frontend to its last step. */
export const buildStepCodes = {
  "build-frontend-not-pulled": entry<PullPlace>({
    exit,
    what: ({ image }) => `buildkit cannot pull ${image}, the frontend that every build uses`,
    fix: (args, reader) =>
      `${pullFix("worker", args, reader)} The name comes from ${reader.setting("task.imageNamePrefix")} and ${reader.setting("appVersion")}.`,
    next: (args, { command }) => showPolicy(args) ?? command("check"),
  }),
  "build-base-not-pulled": entry<PullPlace>({
    exit,
    what: ({ image }) => `buildkit cannot pull ${image}, which the image is built from`,
    fix: (args, reader) =>
      `${pullFix("worker", args, reader)} To build on another image, set ${reader.setting("build.baseImage")}.`,
    next: (args, { command }) => showPolicy(args) ?? command("check"),
  }),
  "build-buildkit-lost": entry<{ loss: BuildkitLoss }>({
    exit,
    what: ({ loss }) =>
      loss === "memory"
        ? "a step of the build was killed (exit code 137), mostly because buildkit has too little memory"
        : loss === "disk"
          ? "buildkit has no space left on its disk"
          : "buildkit broke off during the build: its pod was killed, evicted or restarted",
    fix: ({ loss }) => {
      const value = "imageBuilder.buildkit.resources of the data plane";
      if (loss === "disk") {
        return "Raise the ephemeral storage or the volume of buildkit (imageBuilder.buildkit of the data plane, 50 Gi is usual), or prune its cache: kubectl exec <buildkit> -- buildctl prune.";
      }
      return `Raise ${value} (4 CPU and 4 Gi are usual); kubectl describe of its pod says whether it was OOMKilled or evicted.`;
    },
    next: findBuildkit,
  }),
  "build-python-missing": entry<{ python: string; image: string }>({
    exit,
    what: ({ python, image }) => `uv finds no Python ${python} in ${image}, and builds download none`,
    fix: ({ python, image }, { setting }) =>
      `Set ${setting("build.pythonVersion")} (users: python_version of the image) to the Python of ${image}, or install Python ${python} there; packages of apt and conda count only if they are on the PATH.`,
    next: (_args, { command }) => command("check"),
  }),
  "build-index-unreachable": entry<{ index: string; image: string; fault: IndexFault }>({
    exit,
    what: ({ index, fault }) =>
      fault === "login" || fault === "forbidden"
        ? `the package index ${index} refuses the build`
        : `the build gets nothing from the package index ${index}`,
    fix: ({ index, image, fault }, { command, setting }) => {
      switch (fault) {
        case "login":
        case "forbidden":
          return `Give builds credentials for ${shellQuote(index)} (user name and password in UV_INDEX_URL of ${image}, or with_pip_packages(…, secret_mounts=…)), or correct its path.`;
        case "tls":
          return `Put the CA of ${shellQuote(index)} into ${image} and set SSL_CERT_FILE there: uv trusts no other.`;
        case "server":
          return `Start what is behind ${shellQuote(index)}, or wait if it limits requests, then run it again: ${command("verify", "--build")}.`;
        default:
          return `Allow TCP from buildkit to ${shellQuote(index)} and let its name resolve there; or put ${indexLine("<your index>")} into the Dockerfile of ${image} (pip's PIP_INDEX_URL is not read by uv; index_url of with_pip_packages works too), and set ${setting("builds.packageIndex")} to it.`;
      }
    },
    next: (_args, { command }) => command("check"),
  }),
  "build-package-missing": entry<{ packages: readonly string[] }>({
    exit,
    what: ({ packages }) => `the package index of the build does not have ${listText(packages)}`,
    fix: ({ packages }, { setting }) =>
      `Add ${listText(packages)} to that index (an upstream such as ${publicIndex.name}, an approval), or set ${setting("build.packages")} to a package that it has.`,
    next: (_args, { command }) => command("check"),
  }),
  "build-step-failed": entry<{ step: string }>({
    exit,
    what: ({ step }) => `a step of the build failed: ${step}`,
    fix: (_args, { setting }) =>
      `Correct what why names; if it is the base image's (no shell, no uv), set ${setting("build.baseImage")} to one that SDK users build on.`,
    next: findBuildkit,
  }),
  "build-image-not-seen": entry<RegistryPlace>({
    exit,
    what: ({ image }) =>
      `the build pushed ${image}, but the control plane does not see it, so every deploy builds it again`,
    fix: (args) => grantPull("operator-proxy", args),
    next: (args) => showPolicy(args) ?? showLogin(args),
  }),
} as const;
