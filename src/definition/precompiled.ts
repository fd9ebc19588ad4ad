/** Templates as Handlebars compiles them, by their text. Empty here: tools/bundle.ts puts our own in its place. */
export const precompiled: ReadonlyMap<string, object> = new Map();
