/**
 * Conversions of element types, and operations that may have nothing to do.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { checkDtype } from "../options/kinds.ts";
import type { Tensor } from "../tensor.ts";

/** The values in another element type; `x` itself, not a view of it, if that is its own type. */
export function converted(x: Tensor, dtype: DType): Tensor {
  return dtype === x.dtype ? x : x.apply("cast", [], { dtype: checkDtype("cast", dtype) });
}

/** The bits in another element type; `x` itself if that is its own type. */
export function reinterpreted(x: Tensor, dtype: Exclude<DType, "bool">): Tensor {
  return dtype === x.dtype ? x : x.apply("bitcast", [], { dtype: checkDtype("bitcast", dtype) });
}

/** The result of an operation as a tensor of its own: a view of `x` if the operation returned `x` itself. */
export function separate(x: Tensor, result: Tensor): Tensor {
  return result === x ? x.viewed(x) : result;
}
