import type { Check, Ended } from "./check.ts";

/** The same check for others that need only a part of what it finds, or need it in another form. */
export function viewOf<T, View>(check: Check<T>, view: (value: T) => View): Check<View> {
  return {
    async run() {
      const { result, value } = await check.run();
      return value === undefined ? { result } : { result, value: { of: view(value.of) } };
    },
  };
}

/**
 * Several checks as one for others, which go on with what those found that found anything.
 * @param basis how it ends if there are none
 */
export function allOf<T>(checks: readonly Check<T>[], basis: Check<unknown>): Check<readonly T[]> {
  return {
    async run(): Promise<Ended<readonly T[]>> {
      const { result } = await basis.run();
      const ended = await Promise.all(checks.map((check) => check.run()));
      const values = ended.flatMap(({ value }) => (value === undefined ? [] : [value.of]));
      const [first] = ended;
      return first && values.length === 0 ? { result: first.result } : { result, value: { of: values } };
    },
  };
}
