/**
 * A function on many arguments, as text.
 *
 * @module
 */

import { outcomeOf } from "./reader_results.ts";

/** Calls a function with each of some arguments; one line each. */
export async function table(call: (argument: never) => unknown, given: readonly unknown[]): Promise<string> {
  const lines: string[] = [];
  for (const argument of given) {
    const shown = typeof argument === "number" ? String(argument) : JSON.stringify(argument);
    lines.push(`${shown}: ${await outcomeOf(() => call(argument as never))}`);
  }
  return lines.join("\n");
}
