// What the bundle has computed in advance (tools/bundle.ts), by the text that it was computed from. Empty here.

/** Templates as Handlebars compiles them. */
export const compiledTemplates: ReadonlyMap<string, object> = new Map();

/** What YAML texts are. A template renders the same text in most runs, since placeholders stand for its values. */
export const parsedTexts: ReadonlyMap<string, unknown> = new Map();
