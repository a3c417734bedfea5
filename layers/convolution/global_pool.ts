/**
 * Pooling over whole images or sequences.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import type { Declaration } from "../../core/options/option.ts";
import { oneOf } from "../../core/options/values.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { Layer } from "../layer.ts";
import { valuesPooled } from "../output_values.ts";

/** How the elements of a channel are reduced. */
export type GlobalPoolMode = "average" | "max" | "sum";

type Reduction = (x: Tensor, axes: readonly number[]) => Tensor;

const reductions: Readonly<Record<GlobalPoolMode, Reduction>> = {
  average: (x, axis) => x.mean({ axis }),
  max: (x, axis) => x.max({ axis }),
  sum: (x, axis) => x.sum({ axis }),
};

/** Options of {@linkcode globalPool}. */
export interface GlobalPoolOptions extends LayerOptions {
  /** How the elements of a channel are reduced; default: `average`. */
  readonly mode?: GlobalPoolMode | undefined;
}

/** The kind of {@linkcode globalPool}. */
export const globalPoolKind = {
  kind: "GlobalPool",
  options: {
    ...layerOptions,
    mode: oneOf(["average", "max", "sum"], { default: "average", help: "how the elements of a channel are reduced" }),
  } satisfies Declaration<GlobalPoolOptions>,
};

/**
 * Reduces each channel to one number: [batch, channel, …] → [batch, channel].
 *
 * Source: Lin, Chen and Yan, "Network in network", 2013.
 *
 * @throws {TypeError} if the input has fewer than three axes.
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
export function globalPool(incoming: Layer, options?: GlobalPoolOptions): Layer {
  refuseSurplus("globalPool", arguments, 2);
  const { identity, title, values: { mode } } = readLayer(globalPoolKind, options, incoming);
  const shape = incoming.outputShape;
  if (shape.length < 3) {
    throw new TypeError(`Cannot make ${title}: expected an input of [batch, channel, …], got ${showShape(shape)}`);
  }
  const axes = shape.map((_, axis) => axis).slice(2);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: shape.slice(0, 2),
    values: mode === "sum" ? "any" : valuesPooled(incoming),
    forward: (_params, [x]) => reductions[mode](x, axes),
  });
}
