/** The test files of one project of Vitest. */
interface Project {
  include: readonly string[];
  exclude: readonly string[];
  /** Files of test/setup/ that make what these tests need, before the first of them. */
  setup: readonly string[];
}

/** They run the bundled program, or play a control plane to it, and the Python flyte CLI too. */
const withFlyteCli = [
  "test/conformance/{build-requests,end-to-end,serializer}.test.ts",
  "test/faults/{flyte-config,flyte-faults,healthy}.test.ts",
  "test/flyte/flyte-deploy.test.ts",
  "test/program/{register,secrets,signals}.test.ts",
  "test/stand-in/flyte-cli*.test.ts",
];
const withProgram = ["test/program/**/*.test.ts", "test/faults/**/*.test.ts"];
const withHelm = ["test/chart/**/*.test.ts"];
const withPublishing = ["test/publishing/**/*.test.ts"];
const withPrometheus = ["test/alerts/**/*.test.ts"];
const withRegistries = ["test/registry/real/**/*.test.ts"];
const withBuildkit = ["test/buildkit/real/**/*.test.ts"];
const withImages = ["test/image/**/*.test.ts"];
const withUv = ["test/uv/**/*.test.ts"];
const inBrowser = ["test/browser/**/*.test.ts"];
const onCluster = ["test/cluster/**/*.test.ts"];

/**
 * Tests by what has to be made before they can run; `unit` needs nothing, so it runs in seconds.
 * test/structure/projects.test.ts holds each file to what its project makes.
 */
export const projects = {
  unit: {
    include: ["test/**/*.test.ts"],
    exclude: [
      ...withFlyteCli,
      ...withProgram,
      ...withHelm,
      ...withPublishing,
      ...withPrometheus,
      ...withRegistries,
      ...withBuildkit,
      ...withUv,
      ...withImages,
      ...inBrowser,
      ...onCluster,
    ],
    setup: [],
  },
  program: { include: withProgram, exclude: withFlyteCli, setup: ["bundle"] },
  flyte: { include: withFlyteCli, exclude: [], setup: ["bundle", "flyte-cli"] },
  chart: { include: withHelm, exclude: [], setup: ["helm", "manifest-checks"] },
  publishing: { include: withPublishing, exclude: [], setup: ["helm", "actionlint"] },
  alerts: { include: withPrometheus, exclude: [], setup: ["helm", "prometheus"] },
  registry: { include: withRegistries, exclude: [], setup: ["bundle", "registries"] },
  buildkit: { include: withBuildkit, exclude: [], setup: ["bundle", "registries", "buildkit", "uv", "flyte-cli"] },
  uv: { include: withUv, exclude: [], setup: ["uv"] },
  image: { include: withImages, exclude: [], setup: ["images"] },
  browser: { include: inBrowser, exclude: [], setup: ["bundle", "browser"] },
  cluster: { include: onCluster, exclude: [], setup: ["cluster", "prometheus"] },
} as const satisfies Record<string, Project>;

export type ProjectName = keyof typeof projects;
