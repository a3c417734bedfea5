/**
 * How the code of functions is recorded: with their types, and with their gradients.
 *
 * @module
 */

import type { DType } from "../../core/dtype.ts";
import type { Graph } from "../../core/graph/node.ts";
import type { Shape } from "../../core/shape.ts";
import { type Computation, gradientOf, graphOf, weighted } from "../oracle.ts";
import type { CodeRecord } from "./targets.ts";

/** The type of an argument. */
export interface Type {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The type of a tensor of f32. */
export const f32 = (...shape: number[]): Type => ({ shape, dtype: "f32" });
/** The type of a tensor of i32. */
export const i32 = (...shape: number[]): Type => ({ shape, dtype: "i32" });
/** The type of a tensor of u32. */
export const u32 = (...shape: number[]): Type => ({ shape, dtype: "u32" });
/** The type of a tensor of bool. */
export const bool = (...shape: number[]): Type => ({ shape, dtype: "bool" });
/** The type of a random key. */
export const key: Type = u32(2);

/** Adds the code of some functions. */
export type Idiom = (record: CodeRecord) => void;

/** A function with its types, without and with its gradient. */
export const calls = (fn: Computation, ...types: readonly (readonly Type[])[]): Idiom => (record) => {
  for (const graph of graphsOf(fn, types)) record.addGraph(graph);
};

/** The same, with the machine code of products. */
export const productCalls = (fn: Computation, ...types: readonly (readonly Type[])[]): Idiom => (record) => {
  for (const graph of graphsOf(fn, types)) record.addProducts(graph);
};

function graphsOf(fn: Computation, types: readonly (readonly Type[])[]): readonly Graph[] {
  return types.flatMap((one) => {
    const graph = graphOf(fn, one);
    const isSmooth = one.some(({ dtype }) => dtype === "f32") && graph.results.some(({ dtype }) => dtype === "f32");
    return isSmooth ? [graph, graphOf(gradientOf(weighted(fn)), one)] : [graph];
  });
}

/** A function whose arguments are donated, all or each alone. */
export const donating = (fn: Computation, ...types: readonly Type[]): Idiom => (record) => {
  const graph = graphOf(fn, types);
  record.addGraph(graph, { donated: types.map((_, i) => i) });
  for (const i of types.keys()) record.addGraph(graph, { donated: [i] });
};
