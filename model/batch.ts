/**
 * Batches, gathered on the device.
 *
 * @module
 */

import { gather } from "../core/functions/selection.ts";
import type { Tensor } from "../core/tensor.ts";

/** Some examples, or all of a set, on the device. */
export interface Batch {
  /** [example, ...feature] */
  readonly x: Tensor;
  /** [example, ...target] */
  readonly y: Tensor;
}

/** The examples with these numbers; numbers beyond the last one give the last. */
export function batchAt({ x, y }: Batch, examples: Tensor): Batch {
  return { x: gather(x, examples), y: gather(y, examples) };
}
