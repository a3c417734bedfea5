/**
 * Calls of public functions with arguments of wrong kinds.
 *
 * @module
 */

import { tensor } from "../core/mod.ts";
import { inputLayer } from "../layers/mod.ts";

/** Exported values by name. */
export type Public = Readonly<Record<string, unknown>>;

/** A call of a public function that failed in a way that the project does not allow. */
export interface WrongFailure {
  /** The function, and the arguments as text. */
  readonly call: string;
  /** The error as text. */
  readonly error: string;
}

/** Values of kinds that hardly any function takes, by the text that shows them. */
const wrong: Readonly<Record<string, unknown>> = {
  null: null,
  undefined: undefined,
  5: 5,
  "-1.5": -1.5,
  NaN: NaN,
  '"x"': "x",
  "[]": [],
  "[[1, 2]]": [[1, 2]],
  "{}": {},
  true: true,
  symbol: Symbol("wrong"),
  function: () => undefined,
  "i32 tensor": tensor([1, 2, 3], [3], { dtype: "i32" }),
  "bool tensor": tensor([true, false]),
  scalar: tensor(1),
};

/** Values that many functions take, so that the other arguments are examined as well. */
const right: Readonly<Record<string, unknown>> = {
  tensor: tensor([[1, 2], [3, 4]]),
  layer: inputLayer({ shape: [null, 2] }),
  function: (x: unknown) => x,
};

type Call = readonly (readonly [text: string, value: unknown])[];

/** The lists of arguments that are tried: wrong ones alone, and after or before right ones. */
export function* wrongCalls(): Generator<Call> {
  yield [];
  for (const bad of Object.entries(wrong)) {
    yield [bad];
    yield [bad, bad];
    yield [bad, bad, bad];
    for (const good of Object.entries(right)) {
      yield [good, bad];
      yield [bad, good];
      yield [good, bad, bad];
      yield [good, good, bad];
      yield [good, bad, good];
    }
  }
}

/** Returns what is wrong with an error; undefined if it is one of the project's, or no error was thrown. */
export function complaint(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const isOwn = error instanceof TypeError || error instanceof RangeError || error.constructor.name !== "Error";
  // V8's own messages may begin with the same word.
  const isEngine =
    /^Cannot (read|set) propert|^Cannot convert|^Cannot destructure|^Cannot mix|^Cannot access|^Cannot use 'in'/.test(
      error.message,
    );
  if (isOwn && error.message.startsWith("Cannot ") && !isEngine) return undefined;
  return `${error.name}: ${error.message}`;
}

/** Calls a function with wrong arguments, and returns the failures that are not allowed. */
export async function fuzzArguments(
  name: string,
  call: (...args: never[]) => unknown,
): Promise<WrongFailure[]> {
  const failures: WrongFailure[] = [];
  for (const args of wrongCalls()) {
    try {
      await call(...args.map(([, value]) => value) as never[]);
    } catch (error) {
      const found = complaint(error);
      if (found) failures.push({ call: `${name}(${args.map(([text]) => text).join(", ")})`, error: found });
    }
  }
  return failures;
}
