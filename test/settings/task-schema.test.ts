import { describe, expect, it } from "vitest";
import { load, problemsOf } from "./loading.ts";

describe("task.deployWith", () => {
  it.each(["api", "flyte"])("may be %s", (deployWith) => {
    expect(load({ file: `task: {deployWith: ${deployWith}}` }).settings.task.deployWith).toBe(deployWith);
  });

  it("is api where it is not given", () => {
    expect(load({}).settings.task.deployWith).toBe("api");
  });

  it("is nothing else", () => {
    expect(problemsOf({ file: "task: {deployWith: cli}" })).toEqual([
      "task.deployWith: the text of 3 characters is none of api, flyte; for example flyte",
    ]);
  });
});

describe("task.templateFile", () => {
  it("goes with the program's own way to write", () => {
    for (const more of ["", ", deployWith: api"]) {
      const { task } = load({ file: `task: {templateFile: mine.yaml.hbs${more}}` }).settings;
      expect([task.templateFile, task.deployWith]).toEqual(["mine.yaml.hbs", "api"]);
    }
  });

  it.each([
    { file: "task: {templateFile: mine.yaml.hbs, deployWith: flyte}" },
    { file: "task: {templateFile: mine.yaml.hbs}", environment: { REGISTRAR_TASK_DEPLOY_WITH: "flyte" } },
    { file: "task: {deployWith: flyte}", flags: { "--task-template-file": "mine.yaml.hbs" } },
  ])("cannot be combined with the flyte CLI, which deploys Python: %j", (given) => {
    const [problem, ...others] = problemsOf(given);
    expect(problem).toMatch(
      /^task\.templateFile: .* cannot be combined with task\.deployWith flyte, which deploys Python; set that to api/,
    );
    expect(others).toEqual([]);
  });

  it("is reported in addition to what else is wrong", () => {
    const problems = problemsOf({ file: "task: {templateFile: mine.yaml.hbs, deployWith: flyte, logLevel: 9}" });
    expect(problems.map((problem) => problem.split(": ")[0])).toEqual(["task.logLevel", "task.templateFile"]);
  });
});

describe("task.images.buildImage", () => {
  it("is not auto, which the SDK takes for an image of its own", () => {
    expect(problemsOf({ file: "task: {images: {buildImage: auto}}" })).toEqual([
      "task.images.buildImage: the text of 4 characters is reserved by the flyte SDK; for example registry.example.com/union-build-image:2026.3.4",
    ]);
    expect(load({ file: "task: {images: {buildImage: auto/auto, frontend: auto}}" }).settings.task.images).toEqual({
      buildImage: "auto/auto",
      frontend: "auto",
    });
  });
});

describe("appVersion", () => {
  it("leaves room for a revision", () => {
    const longest = "1".repeat(56);
    expect(load({ environment: { APP_VERSION: longest } }).settings.appVersion).toBe(longest);
    expect(problemsOf({ environment: { REGISTRAR_APP_VERSION: `${longest}1` } })).toEqual([
      "appVersion: the text of 57 characters is longer than 56 characters; for example 2026.3.4",
    ]);
  });
});
