/**
 * Measures how long a function takes.
 *
 * @module
 */

import { functionKind, textKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import { formatSec } from "./format_seconds.ts";
import { attempt } from "./progress/standard_error.ts";

/**
 * A function that does what `fn` does and then reports how long it took: `Training took 02 m 29 s`. If `fn` returns a
 * promise, the report waits for it.
 *
 * @param name the name in the message
 * @param log receives the message (default: `console.error`, which leaves standard output to results)
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
  log: (line: string) => void = (line) => attempt(() => console.error(line)),
): (...args: A) => R {
  checkArgument("time a function", fn, functionKind);
  checkArguments("time a function", { name }, textKind);
  checkArguments("time a function", { log }, functionKind);
  return (...args) => {
    const start = performance.now();
    const say = (): void => log(`${name} took ${formatSec((performance.now() - start) / 1000)}`);
    const result = fn(...args);
    if (result instanceof Promise) return result.finally(say) as R;
    say();
    return result;
  };
}
