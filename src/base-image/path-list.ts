/** A list of paths that takes little more than their bytes: an image has tens of thousands of directories. */
export interface PathList extends Iterable<string> {
  add(path: string): void;
}

/**
 * Makes an empty list. As objects of their own, the paths would survive each collection of garbage, after which V8 collects
 * less often: reading a layer then takes twice the memory.
 */
export function createPathList(): PathList {
  let bytes = Buffer.alloc(0);
  let end = 0;
  return {
    add(path) {
      const length = Buffer.byteLength(path);
      if (end + length + 1 > bytes.length) {
        bytes = Buffer.concat([bytes.subarray(0, end)], Math.max(1024, 2 * (end + length + 1)));
      }
      end += bytes.write(`${path}\0`, end);
    },
    *[Symbol.iterator]() {
      for (let start = 0; start < end; ) {
        const stop = bytes.indexOf(0, start);
        yield bytes.toString("utf8", start, stop);
        start = stop + 1;
      }
    },
  };
}
