import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { ImageService } from "#flyteidl2/imagebuilder/service_pb.js";
import type { Behaviors } from "./behaviors.ts";
import { imageOf } from "./run-results.ts";
import type { Runs } from "./run-store.ts";

/** Finds the images that runs have pushed, by the last part of their target; whose project they are of is not asked. */
export function imageService(runs: Runs, behaviors: Behaviors): ServiceImpl<typeof ImageService> {
  const pushed = (name: string): string | undefined =>
    runs
      .all()
      .map(imageOf)
      .findLast((image) => image?.endsWith(`/${name}`));
  return {
    getImage({ id }) {
      const { knownImages = {}, imageSeen = true } = behaviors.current();
      const name = id?.name ?? "";
      const fqin = knownImages[name] ?? (imageSeen ? pushed(name) : undefined);
      if (fqin === undefined) throw new ConnectError(`image [${name}] not found`, Code.NotFound);
      return { image: { id: { name }, fqin } };
    },
  };
}
