import { found, type ImageKit, type ImageRow, missing } from "./image-kit.ts";
import { directory, link, opaque, whiteout } from "./layer.ts";

/** Images in which a layer hides a Python of those below, or brings it back. */
export function layerImages({ library, python, named, official, debian, row, path }: ImageKit): ImageRow[] {
  return [
    row("removed by a higher layer", [debian, [whiteout(`usr/bin/${named}`)]], missing),
    row("its folder emptied", [official, [directory("usr/local/bin"), opaque("usr/local/bin")]], missing),
    row("its parent removed", [official, [whiteout("usr/local")]], missing),
    row("removed and added again", [official, [whiteout("usr/local")], official], found),
    row("emptied and added again by one layer", [official, [...official, opaque("usr/local")]], found),
    row("removed first, added above", [[whiteout("usr/local")], official], found),
    row("replaced by a file that is not executable", [debian, [python(`usr/bin/${named}`, 0o644)]], missing),
    row("not executable", [[python(`usr/bin/${named}`, 0o644), ...library("usr")]], missing),
    row("/bin linked to /usr/bin", [[whiteout("bin")], [link("bin", "usr/bin"), ...debian]], {
      ...found,
      env: path("/bin"),
    }),
    row(
      "written through that link",
      [
        [link("bin", "usr/bin"), directory("usr/bin")],
        [python(`bin/${named}`), ...library("usr")],
      ],
      { ...found, env: path("/usr/bin") },
    ),
    row("that link replaced by a directory", [[link("bin", "usr/bin"), ...debian], [directory("bin")]], {
      ...missing,
      env: path("/bin"),
    }),
  ];
}
