import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import { dockerfileOf } from "../../testing/buildkit/real-build/dockerfile.ts";

test("a Dockerfile has the layers in their order", () => {
  const options = {
    indexUrl: "https://index.test/simple",
    extraIndexUrls: ["https://more.test"],
    pre: true,
    extraArgs: "-v",
  };
  const spec = create(ImageSpecSchema, {
    baseImage: "python:3.12-slim",
    pythonVersion: "3.12",
    layers: [
      { layer: { case: "env", value: { envVariables: { A: "1", B: 'a "$b"' } } } },
      { layer: { case: "pipPackages", value: { packages: ["six>=1", "requests"], options } } },
      { layer: { case: "commands", value: { cmd: ["true", "sleep 1"] } } },
    ],
  });
  expect(dockerfileOf(spec)).toBe(String.raw`FROM python:3.12-slim
ENV A="1"
ENV B="a \"\$b\""
RUN uv pip install --system --no-cache --python 3.12 --index-url https://index.test/simple --extra-index-url https://more.test --prerelease allow -v 'six>=1' 'requests'
RUN true
RUN sleep 1
`);
});

test("no Dockerfile is made of layers that no test has", () => {
  const layers = [{ layer: { case: "workdir" as const, value: { workdir: "/app" } } }];
  expect(() => dockerfileOf(create(ImageSpecSchema, { layers }))).toThrow("workdir");
});
