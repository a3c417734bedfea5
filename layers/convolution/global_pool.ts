/**
 * Pooling over whole images or sequences.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type LayerOptions, makeLayer, titleOf } from "../define.ts";
import type { Layer } from "../layer.ts";

/** What becomes of all elements of a channel. */
export type GlobalPoolMode = "average" | "max" | "sum";

type Reduction = (x: Tensor, axes: readonly number[]) => Tensor;

const reductions: Readonly<Record<GlobalPoolMode, Reduction>> = {
  average: (x, axis) => x.mean({ axis }),
  max: (x, axis) => x.max({ axis }),
  sum: (x, axis) => x.sum({ axis }),
};

/** Options of {@linkcode globalPool}. */
export interface GlobalPoolOptions extends LayerOptions {
  /** `"average"` where not given. */
  readonly mode?: GlobalPoolMode | undefined;
}

/**
 * One number for each channel: [batch, channel, …] → [batch, channel].
 *
 * Source: Lin, Chen and Yan, "Network in network", 2013.
 *
 * @throws {TypeError} if there is nothing to pool.
 *
 * @example
 * ```ts
 * import { globalPool, inputLayer } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = globalPool(inputLayer({ shape: [null, 1, 2, 2] }));
 * const { output } = layer.apply({}, tensor([[[[1, 2], [4, 5]]]]), { train: false, state: {} });
 * assertEquals(await output.toArray(), [[3]]);
 * ```
 */
export function globalPool(incoming: Layer, { mode = "average", name }: GlobalPoolOptions = {}): Layer {
  const kind = "GlobalPool";
  const title = titleOf({ kind, name });
  const shape = incoming.outputShape;
  if (shape.length < 3) {
    throw new TypeError(`Cannot make ${title}: expected an input of [batch, channel, …], got ${showShape(shape)}`);
  }
  if (!Object.hasOwn(reductions, mode)) {
    const near = suggestName(String(mode), Object.keys(reductions));
    throw new RangeError(`Cannot make ${title}: unknown mode ${JSON.stringify(mode)}${near}`);
  }
  const axes = shape.map((_, axis) => axis).slice(2);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: shape.slice(0, 2),
    configuration: { mode },
    forward: (_params, [x]) => reductions[mode](x, axes),
  });
}
