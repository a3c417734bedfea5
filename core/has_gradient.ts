/**
 * Whether a function has a gradient at all.
 *
 * @module
 */

import { isFloat } from "./dtype.ts";
import { pull } from "./graph/grad.ts";
import { trace } from "./jit.ts";
import { Tensor } from "./tensor.ts";
import { flattenTree } from "./tree.ts";

/**
 * Whether the results of a function depend on its first argument through floating-point numbers. Otherwise its gradient
 * is 0 everywhere: comparisons, counts and whole numbers have none. Nothing is computed.
 *
 * @param args tensors of the shapes and element types of its arguments
 * @throws {TypeError} if the function returns no tensor.
 */
export function hasGradient(fn: (...args: never[]) => unknown, args: readonly Tensor[]): boolean {
  const { graph: { parameters, results } } = trace(fn, flattenTree([...args]));
  if (results.length === 0) throw new TypeError("Cannot find a gradient: expected a function that returns tensors");
  const floats = results.map((node) => new Tensor(node)).filter(({ dtype }) => isFloat(dtype));
  return pull(floats, floats.map((one) => one.onesLike()), [new Tensor(parameters[0])])[0] !== null;
}
