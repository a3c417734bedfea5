/**
 * Layers with several incoming layers.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { concatenate } from "../core/functions/movement.ts";
import { listKind } from "../core/options/kinds.ts";
import { checkArgument } from "../core/options/read.ts";
import { whole } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { normalizeAxis, showShape } from "../core/shape.ts";
import { type LayerOptions, layerOptions, makeLayer, readLayer } from "./define_layer.ts";
import type { Layer, LayerShape } from "./layer.ts";
import { valuesJoined } from "./output_values.ts";

const incomingKind = listKind("layers");

function shapesOf(title: string, incoming: readonly Layer[]): readonly LayerShape[] {
  if (incoming.length > 0) return incoming.map(({ outputShape }) => outputShape);
  throw new TypeError(`Cannot make ${title}: expected at least one incoming layer`);
}

/** The common shape, with all known extents filled in; the extents of axis `free` may differ. */
function commonShape(title: string, shapes: readonly LayerShape[], free?: number): LayerShape {
  const fits = (shape: LayerShape) =>
    shape.length === shapes[0].length &&
    shape.every((extent, i) =>
      i === free || shapes.every((other) => extent === null || (other[i] ?? extent) === extent)
    );
  if (!shapes.every(fits)) {
    const except = free === undefined ? "" : ` except for axis ${free}`;
    throw new TypeError(
      `Cannot make ${title} of ${shapes.map(showShape).join(" and ")}: expected equal shapes${except}`,
    );
  }
  return shapes[0].map((_, i) => shapes.map((shape) => shape[i]).find((extent) => extent !== null) ?? null);
}

/** Options of {@linkcode concatenateLayer}. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis along which outputs are joined; default: 1. */
  readonly axis?: number | undefined;
}

/** The kind of {@linkcode concatenateLayer}. */
export const concatenateKind = {
  kind: "ConcatenateLayer",
  options: {
    ...layerOptions,
    axis: whole({ default: 1, help: "axis along which outputs are joined" }),
  } satisfies Declaration<ConcatenateOptions>,
};

/**
 * Joins the outputs of several layers along an axis.
 *
 * @throws {TypeError} if there is no incoming layer, or extents of other axes differ.
 *
 * @example
 * ```ts
 * import { concatenateLayer, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const [a, b] = [inputLayer({ shape: [null, 3] }), inputLayer({ shape: [null, 4] })];
 * assertEquals(concatenateLayer([a, b]).outputShape, [null, 7]);
 * ```
 */
export function concatenateLayer(incoming: readonly Layer[], options?: ConcatenateOptions): Layer {
  refuseSurplus("concatenateLayer", arguments, 2);
  checkArgument("join layers", incoming, incomingKind);
  const { identity, title, values: { axis } } = readLayer(concatenateKind, options, ...incoming);
  const shapes = shapesOf(title, incoming);
  const along = normalizeAxis(axis, shapes[0].length, `make ${title}`);
  const extents = shapes.map((shape) => shape[along]);
  const total = extents.reduce((sum, extent) => sum === null || extent === null ? null : sum + extent);
  return makeLayer(identity, {
    incoming,
    outputShape: commonShape(title, shapes, along).with(along, total),
    values: valuesJoined(incoming),
    forward: (_params, inputs) => concatenate(inputs, along),
  });
}

/** The kind of {@linkcode addLayer}. */
export const addKind = { kind: "AddLayer", options: layerOptions };

/**
 * Adds the outputs of several layers of equal shape: x₁ + x₂ + …, as in residual connections.
 *
 * Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2015.
 *
 * @throws {TypeError} if there is no incoming layer, or shapes differ.
 *
 * @example
 * ```ts
 * import { addLayer, inputLayer } from "@yadll/yadll/layers";
 * import { ones } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 2] });
 * const { output } = addLayer([input, input]).apply({}, [ones([1, 2]), ones([1, 2])], { train: false, state: {} });
 * assertEquals(await output.toArray(), [[2, 2]]);
 * ```
 */
export function addLayer(incoming: readonly Layer[], options?: LayerOptions): Layer {
  refuseSurplus("addLayer", arguments, 2);
  checkArgument("join layers", incoming, incomingKind);
  const { identity, title } = readLayer(addKind, options, ...incoming);
  return makeLayer(identity, {
    incoming,
    outputShape: commonShape(title, shapesOf(title, incoming)),
    values: "any",
    forward: (_params, inputs) => inputs.reduce((sum, input) => sum.add(input)),
  });
}
