/**
 * Layers that only change shapes.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";
import { count } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { openShape } from "../core/options/shapes.ts";
import { type Shape, showShape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type LayerOptions, layerOptions, makeLayer, readLayer } from "./define_layer.ts";
import type { Layer, LayerShape } from "./layer.ts";
import { keepsRows, valuesReshaped } from "./output_values.ts";

/** Options of {@linkcode reshapeLayer}. */
export interface ReshapeOptions extends LayerOptions {
  /**
   * The shape of the output; at most one extent may be null (or -1), and is what remains: in front, the batch;
   * elsewhere, a number that depends on the size of the batch.
   */
  readonly outputShape: LayerShape;
}

/** The kind of {@linkcode reshapeLayer}. */
export const reshapeKind = {
  kind: "ReshapeLayer",
  options: {
    ...layerOptions,
    outputShape: openShape({ least: -1, required: true, help: "shape of the output" }),
  } satisfies Declaration<ReshapeOptions>,
};

/** The number of elements of a shape; null if an extent is unknown. */
function known(shape: LayerShape): number | null {
  return shape.every((extent): extent is number => extent !== null) ? sizeOf(shape) : null;
}

/** Why elements do not fit if the number of examples is unknown; undefined if they fit for some number of them. */
function misfit(input: LayerShape, wanted: LayerShape): string | undefined {
  if (input.filter((extent) => extent === null).length > 1) return undefined;
  const [example, rest] = [input, wanted].map((shape) => sizeOf(shape.map((extent) => extent ?? 1)));
  const open = wanted.indexOf(null);
  // An open extent in front counts examples or parts of them. Elsewhere it depends on how many examples there are.
  if (open === 0 && example !== rest && example % rest !== 0) {
    return `the extent in front stands for the batch, but an example of ${example} elements has no parts of ${rest}`;
  }
  if (open < 0 && example !== rest && rest % example !== 0) {
    return `${rest} elements are no whole number of examples of ${example}`;
  }
  return undefined;
}

/** The requested shape, with its open extent filled in if the input determines it. */
function inferShape(title: string, input: LayerShape, wanted: LayerShape): LayerShape {
  const fail = (why: string) =>
    new TypeError(`Cannot make ${title}: ${showShape(input)} cannot be reshaped to ${showShape(wanted)}: ${why}`);
  const open = wanted.indexOf(null);
  if (open >= 0 && open !== wanted.lastIndexOf(null)) throw fail("only one extent may be open");
  const size = known(input);
  if (size === null) {
    const reason = misfit(input, wanted);
    if (reason !== undefined) throw fail(reason);
    return wanted;
  }
  const rest = sizeOf(wanted.map((extent) => extent ?? 1));
  if (open < 0 ? size !== rest : rest === 0 || size % rest !== 0) throw fail(`${size} elements do not fit`);
  return open < 0 ? wanted : wanted.with(open, size / rest);
}

/**
 * Gives its input another shape; the elements keep their order.
 *
 * @throws {TypeError} if the elements do not fit.
 *
 * @example
 * ```ts
 * import { inputLayer, reshapeLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = inputLayer({ shape: [null, 784] });
 * assertEquals(reshapeLayer(rows, { outputShape: [null, 1, 28, 28] }).outputShape, [null, 1, 28, 28]);
 * ```
 */
export function reshapeLayer(incoming: Layer, options: ReshapeOptions): Layer {
  refuseSurplus("reshapeLayer", arguments, 2);
  const { identity, title, values } = readLayer(reshapeKind, options, incoming);
  const wanted = values.outputShape.map((extent) => extent === -1 ? null : extent);
  const target: Shape = wanted.map((extent) => extent ?? -1);
  const outputShape = inferShape(title, incoming.outputShape, wanted);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape,
    values: valuesReshaped(incoming, outputShape),
    passesRows: keepsRows(incoming, outputShape),
    completed: { outputShape: wanted },
    forward: (_params, [x]) => x.reshape(target),
  });
}

/** Options of {@linkcode flattenLayer}. */
export interface FlattenOptions extends LayerOptions {
  /** The number of axes of the output; default: 2. The last one joins all that remain. */
  readonly nDim?: number | undefined;
}

const axesKept = count({ default: 2, help: "number of axes of the output" });

/** The kind of {@linkcode flattenLayer}. */
export const flattenKind = {
  kind: "FlattenLayer",
  options: {
    ...layerOptions,
    nDim: axesKept,
  } satisfies Declaration<FlattenOptions>,
};

/**
 * Joins the last axes into one, so that `nDim` axes remain: [a, b, c] → [a, b · c] by default.
 *
 * @example
 * ```ts
 * import { flatten } from "@yadll/yadll/layers";
 * import { zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flatten(zeros([2, 3, 4])).shape, [2, 12]);
 * ```
 */
export function flatten(x: Tensor, nDim = 2): Tensor {
  checkArguments("flatten", { x }, tensorKind);
  checkArguments("flatten", { nDim }, axesKept);
  return x.reshape([...x.shape.slice(0, nDim - 1), sizeOf(x.shape.slice(nDim - 1))]);
}

/**
 * Joins the last axes of its input into one, so that `nDim` axes remain; for example, it makes rows of images.
 *
 * @throws {TypeError} if the input has fewer axes.
 *
 * @example
 * ```ts
 * import { flattenLayer, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const images = inputLayer({ shape: [null, 3, 4, 4] });
 * assertEquals(flattenLayer(images).outputShape, [null, 48]);
 * ```
 */
export function flattenLayer(incoming: Layer, options?: FlattenOptions): Layer {
  refuseSurplus("flattenLayer", arguments, 2);
  const { identity, title, values: { nDim } } = readLayer(flattenKind, options, incoming);
  const shape = incoming.outputShape;
  if (nDim > shape.length) {
    throw new TypeError(`Cannot make ${title}: expected an input of at least ${nDim} axes, got ${showShape(shape)}`);
  }
  const outputShape = [...shape.slice(0, nDim - 1), known(shape.slice(nDim - 1))];
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape,
    values: valuesReshaped(incoming, outputShape),
    passesRows: keepsRows(incoming, outputShape),
    forward: (_params, [x]) => flatten(x, nDim),
  });
}
