/**
 * How long a function takes.
 *
 * @module
 */

import { formatSec } from "./format_sec.ts";

/**
 * A function that does what `fn` does and then says how long it took: `Training took 02 m 29 s`. A promise is waited for.
 *
 * @param name what the message calls it
 * @param log takes the message; `console.error` where not given, so that results on standard output stay alone
 *
 * @example
 * ```ts
 * import { timer } from "@yadll/yadll/model";
 * import { assertMatch } from "@std/assert";
 *
 * let message = "";
 * timer("Adding", (a: number, b: number) => a + b, (line) => message = line)(1, 2);
 * assertMatch(message, /^Adding took 0\.\d{3} s$/);
 * ```
 */
export function timer<A extends unknown[], R>(
  name: string,
  fn: (...args: A) => R,
  log: (line: string) => void = console.error,
): (...args: A) => R {
  return (...args) => {
    const start = performance.now();
    const say = (): void => log(`${name} took ${formatSec((performance.now() - start) / 1000)}`);
    const result = fn(...args);
    if (result instanceof Promise) return result.finally(say) as R;
    say();
    return result;
  };
}
