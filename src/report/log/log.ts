// A separate file of the bundle (tools/bundle.ts): only runs with `logFormat: json` load it.
export { logObserver } from "./log-observer.ts";
export { createLog, findingEntry } from "./log-writer.ts";
