/**
 * Checks that a function reads each of its options, and refuses all others.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Tensor } from "../core/tensor.ts";

/** Options by name. */
type Given = Readonly<Record<string, unknown>>;

/** A function under test. */
export interface FunctionWithOptions {
  readonly name: string;
  /** Calls the function; its results are compared. */
  call(options: never): unknown;
  /** Required options. */
  readonly given?: Given;
  /** For each option, another value that changes the result. */
  readonly changes: Given;
  /** Known options that cannot change the result of this call. */
  readonly idle?: readonly string[];
}

/** A name with the first two neighboring letters exchanged that differ. */
export function misspelled(name: string): string {
  const letters = [...name];
  const at = letters.findIndex((letter, i) => letter !== letters[i + 1]);
  return letters.toSpliced(at, 2, letters[at + 1], letters[at]).join("");
}

async function asText(value: unknown): Promise<string> {
  const result = await value;
  if (result instanceof Tensor) return `${result.dtype}${result.shape}: ${await result.data()}`;
  if (Array.isArray(result)) return `[${(await Promise.all(result.map(asText))).join()}]`;
  return JSON.stringify(result);
}

/** The names that a message lists as known. */
function listed(message: string): string[] {
  return /; expected (?:one of )?(?<names>.*)$/.exec(message)?.groups?.names.split(", ") ?? [];
}

/** Fails unless the function knows these options and no others, uses each, and suggests the nearest for a wrong name. */
export async function checkOptions({ name, call, given = {}, changes, idle = [] }: FunctionWithOptions): Promise<void> {
  const run = (options: Given): unknown => call({ ...given, ...options } as never);
  const { message } = assertThrows(() => run({ "???": 1 }), RangeError);
  assertEquals(listed(message).sort(), [...new Set([...Object.keys({ ...given, ...changes }), ...idle])].sort(), name);
  const before = await asText(run({}));
  for (const [option, value] of Object.entries(changes)) {
    assert(await asText(run({ [option]: value })) !== before, `${option} of ${name} changes nothing`);
    if (option.length < 4) continue;
    const wrong = assertThrows(() => run({ [misspelled(option)]: value }), RangeError);
    assert(wrong.message.endsWith(`"${misspelled(option)}"; did you mean ${option}?`), wrong.message);
    assertThrows(() => run({ [option]: Symbol("of another kind") }), TypeError, `expected ${option} to be`);
  }
}
