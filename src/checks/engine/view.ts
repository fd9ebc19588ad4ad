import type { Check } from "./check.ts";

/** The same check for others that need only a part of what it finds, or need it in another form. */
export function viewOf<T, View>(check: Check<T>, view: (value: T) => View): Check<View> {
  return {
    async run() {
      const { result, value } = await check.run();
      return value === undefined ? { result } : { result, value: { of: view(value.of) } };
    },
  };
}
