// What a pod of the tests on a cluster runs in place of buildkitd: it has every image.
import { startBuildkit } from "./stand-in.ts";

await startBuildkit({ reply: () => ({ message: "" }), listen: { host: "0.0.0.0", port: 1234 } });
