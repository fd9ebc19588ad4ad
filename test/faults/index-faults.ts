import type { RequestListener } from "node:http";
import { file, packLayer } from "../../testing/base-image/layer.ts";
import { placeholderPython } from "../../testing/base-image/parts.ts";
import { openBlackHole } from "../../testing/black-hole/black-hole.ts";
import { messageOf } from "../../testing/buildkit/recording.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import type { ServerCertificate } from "../../testing/control-plane/listener.ts";
import type { HealthyWorld, WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";
import { hasEverything, officialPython, pushBaseImage, serve, setBuilds } from "./worlds.ts";

type Inject = NonNullable<Fault["inject"]>;

/** Builds are to use this index. */
const setIndex = (world: HealthyWorld, packageIndex: string) => setBuilds(world, { packageIndex });

/** Builds are to use an index whose server answers so. */
const indexAnswers =
  (listener: RequestListener, issue?: (world: HealthyWorld) => Promise<ServerCertificate>): Inject =>
  async (world, stack) =>
    setIndex(world, `${await serve(stack, listener, await issue?.(world))}/simple`);

/** Every request gets this status. */
const always =
  (status: number, body = ""): RequestListener =>
  (_, response) =>
    response.writeHead(status, { "content-type": "text/html" }).end(body);

/** An index that has not what is asked first, but a list of its packages. */
const isCurated: RequestListener = ({ url }, response) =>
  url === "/simple/"
    ? response.setHeader("content-type", "text/html").end('<a href="/simple/acme/">acme</a>')
    : response.writeHead(404).end();

/** A buildkit that has all images, and says of URLs what the real one has said in the lab. */
const urlsAsIn = (row: string): WorldOptions => ({
  buildkit: {
    reply: ({ identifier }) => ({ message: identifier.startsWith("docker-image:") ? "" : messageOf(row) }),
  },
});

/** Users build on an image with these variables. */
const baseImageWith = (world: HealthyWorld, ...variables: readonly string[]) =>
  pushBaseImage(world, { env: [...officialPython, ...variables] });

/** Where builds get Python packages: what base images say, and how indexes answer. */
export const indexFaults: readonly Fault[] = [
  {
    fault: "the name of the index does not resolve",
    code: "index-name-unknown",
    severity: "warning",
    inject: (world) => setIndex(world, "http://index.invalid/simple"),
  },
  {
    fault: "the name of the index does not resolve for buildkit",
    code: "index-name-unknown",
    world: urlsAsIn("URL of an unknown name"),
    inject: indexAnswers(hasEverything),
  },
  {
    fault: "the name of the index resolves neither here nor for buildkit",
    code: "index-name-unknown",
    world: urlsAsIn("URL of an unknown name"),
    inject: (world) => setIndex(world, "http://index.invalid/simple"),
  },
  {
    fault: "nothing listens on the port of the index",
    code: "index-unreachable",
    severity: "warning",
    inject: (world) => setIndex(world, "http://127.0.0.1:9/simple"),
  },
  {
    fault: "a firewall refuses buildkit's connections to the index",
    code: "index-unreachable",
    world: urlsAsIn("URL that refuses"),
    inject: indexAnswers(hasEverything),
  },
  {
    fault: "a firewall drops the packets to the index",
    code: "index-timeout",
    severity: "warning",
    inject: async (world, stack) => setIndex(world, `http://${stack.use(await openBlackHole()).address}/simple`),
  },
  {
    fault: "a firewall drops buildkit's packets to the index",
    code: "index-timeout",
    world: urlsAsIn("URL in a black hole"),
    inject: indexAnswers(hasEverything),
  },
  {
    fault: "the certificate of the index is of an unknown CA",
    code: "index-untrusted",
    severity: "warning",
    inject: indexAnswers(hasEverything, async () => (await createAuthority("another CA")).issue()),
  },
  {
    fault: "the certificate of the index is of a private CA, which the base image does not trust",
    code: "index-untrusted",
    severity: "warning",
    inject: async (world, stack) => {
      const origin = await serve(stack, hasEverything, await world.authority.issue());
      baseImageWith(world, `UV_INDEX_URL=${origin}/simple`);
    },
  },
  {
    fault: "the certificate of the index is for another host",
    code: "index-tls-failed",
    severity: "warning",
    inject: indexAnswers(hasEverything, ({ authority }) =>
      authority.issue({ dnsNames: ["pypi.example.com"], ipAddresses: [] }),
    ),
  },
  {
    fault: "the index requires a login",
    code: "index-login-required",
    severity: "warning",
    inject: indexAnswers(always(401)),
  },
  {
    fault: "the index refuses the login of the base image",
    code: "index-login-refused",
    inject: async (world, stack) => {
      const { host } = new URL(await serve(stack, always(401)));
      baseImageWith(world, `UV_INDEX_URL=http://builder:that-of-yesterday@${host}/simple`);
    },
  },
  { fault: "nothing is at the path of the index", code: "index-path-wrong", inject: indexAnswers(always(404)) },
  { fault: "the index lacks pip", code: "index-curated", severity: "warning", inject: indexAnswers(isCurated) },
  {
    fault: "a login page answers in place of the index",
    code: "index-not-spoken",
    inject: indexAnswers(always(200, "<title>Sign in</title>")),
  },
  {
    fault: "nothing is behind the index's reverse proxy",
    code: "index-failed",
    severity: "warning",
    inject: indexAnswers(always(503)),
  },
  {
    fault: "the index redirects to itself",
    code: "index-redirects",
    inject: indexAnswers(({ url }, response) => response.writeHead(302, { location: url }).end()),
  },
  {
    fault: "the base image names the index for pip alone",
    code: "index-unread-by-uv",
    severity: "warning",
    inject: async (world, stack) => baseImageWith(world, `PIP_INDEX_URL=${await serve(stack, hasEverything)}/simple`),
  },
  {
    fault: "the base image names no index, and one is set",
    code: "index-not-used",
    severity: "warning",
    inject: async (world, stack) => {
      await indexAnswers(hasEverything)(world, stack);
      baseImageWith(world);
    },
  },
  {
    fault: "uv.toml of the base image is not TOML",
    code: "index-config-malformed",
    inject: async (world) => {
      const entries = [...placeholderPython, file("etc/uv/uv.toml", 'index-url = "https://index.test/simple\n')];
      const { bytes } = await packLayer(entries, "gzip");
      pushBaseImage(world, { env: ["PATH=/usr/bin"], layers: [Buffer.from(bytes)] });
    },
  },
  {
    fault: "buildkit's connection to the index is cut off",
    code: "index-unclear",
    severity: "warning",
    world: urlsAsIn("cut off"),
    inject: indexAnswers(hasEverything),
  },
];
