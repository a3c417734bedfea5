/**
 * Printing inside of compiled functions.
 *
 * @module
 */

import { refuseSurplus } from "../options/surplus.ts";
import { tensorKind } from "../options/kinds.ts";
import type { Declaration } from "../options/option.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import { callable, text } from "../options/values.ts";
import type { Tensor } from "../tensor.ts";
import { addPrints, allPrinted } from "./prints.ts";

/** Options of {@linkcode debugPrint}. */
export interface DebugPrintOptions {
  /** The text before the value; default: none. */
  readonly label?: string;
  /** Prints a line; default: `console.log`. */
  readonly print?: (text: string) => void;
}

const debugPrintOptions = {
  label: text({ otherwise: "none", help: "text before the value" }),
  print: callable<(text: string) => void>({ otherwise: "`console.log`", help: "prints a line" }),
} satisfies Declaration<DebugPrintOptions>;

/**
 * Prints a tensor each time it is computed, and returns it. This works in compiled functions, too, where `console.log`
 * prints only once, while the function is traced and its values are not known.
 *
 * The value becomes one more result of the compiled function, and is read after the run. So lines appear shortly after
 * the call returns, in the order of the calls; {@linkcode debugPrintsDone} waits for them. In the body of a scan, each
 * iteration prints a line, with its number after the label. Gradients do not change; a function made by `grad` prints
 * each value once, and no values of the backward pass. The code of functions without `debugPrint` does not change.
 *
 * Errors of reading the value, such as that of an index outside of its table, and of `print` are uncaught errors.
 *
 * @example
 * ```ts
 * import { debugPrint, debugPrintsDone, grad, jit, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const print = (text: string) => lines.push(text);
 * const loss = (x: Tensor) => debugPrint(x.square(), { label: "squares", print }).sum();
 * const slope = jit(grad(loss));
 * assertEquals(await slope(tensor([1, 3])).toArray(), [2, 6]);
 * await debugPrintsDone();
 * assertEquals(lines, ["squares: f32[2] [1, 9]"]);
 * ```
 */
export function debugPrint(x: Tensor, options?: DebugPrintOptions): Tensor {
  refuseSurplus("debugPrint", arguments, 2);
  checkArguments("print a tensor", { x }, tensorKind);
  const { label = "", print = console.log } = readOptions("print a tensor", debugPrintOptions, options);
  const { node } = x;
  const type = { shape: node.shape, dtype: node.dtype };
  addPrints({ prints: [{ kind: "value", type, label, print }], nodes: [node] });
  return x;
}

/**
 * Waits until all values that {@linkcode debugPrint} was given so far are printed.
 *
 * @example
 * ```ts
 * import { debugPrint, debugPrintsDone, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * debugPrint(tensor(2).mul(3), { print: (text) => lines.push(text) });
 * await debugPrintsDone();
 * assertEquals(lines, ["f32[] 6"]);
 * ```
 */
export async function debugPrintsDone(): Promise<void> {
  await allPrinted();
}
