import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { registeredImages } from "../../src/definition/registered-images.ts";

const ours = { buildImage: "own.example/build-image:1", frontend: "own.example/frontend-v2:1" };
const main = { name: "main", image: "owner.example/build-image:2" };

function registered(podSpec: object, primary = "main") {
  const config = { primary_container_name: primary };
  const target = { case: "k8sPod" as const, value: { podSpec: podSpec as never } };
  return create(TaskSpecSchema, { taskTemplate: { config, target } });
}

describe("the images of a registered task", () => {
  it.each([
    {
      what: "are those of its primary container",
      podSpec: {
        containers: [
          { name: "sidecar", image: "s" },
          { ...main, args: ["--frontend", "owner.example/f:2"] },
        ],
      },
      images: { buildImage: main.image, frontend: "owner.example/f:2" },
    },
    {
      what: "are our frontend where it names none",
      podSpec: { containers: [{ ...main, args: ["imagebuild"] }] },
      images: { ...ours, buildImage: main.image },
    },
    {
      what: "are our frontend where the value is missing",
      podSpec: { containers: [{ ...main, args: ["--frontend"] }] },
      images: { ...ours, buildImage: main.image },
    },
    { what: "are ours where it has no container", podSpec: { containers: [] }, images: ours },
    { what: "are ours where it is nothing like ours", podSpec: { containers: "none" }, images: ours },
  ])("$what", ({ podSpec, images }) => {
    expect(registeredImages(registered(podSpec), ours)).toEqual(images);
  });

  it("are ours where it is no pod", () => {
    expect(registeredImages(create(TaskSpecSchema, {}), ours)).toEqual(ours);
  });
});
