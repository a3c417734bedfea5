/**
 * The search for the first NaN or infinity in the computation of a function.
 *
 * @module
 */

import { CompiledGraph } from "../compiled_graph.ts";
import { canCompute, currentBackend, deviceToCompute } from "../device.ts";
import { isNode } from "../graph/node.ts";
import { recordPlaces } from "../graph/places.ts";
import { simplify } from "../graph/simplify/simplify.ts";
import { transposeConvolution } from "../graph/simplify/transposed_convolution.ts";
import { trace } from "../jit.ts";
import { functionKind } from "../options/kinds.ts";
import { checkArgument } from "../options/read.ts";
import { materialize } from "../runtime.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Flat, flattenTree } from "../tree.ts";
import { findOrigin, type Origin, type Severities } from "./origin.ts";
import { severity, survey, type SurveyedGraph } from "./severity.ts";

/** Where the first NaN or infinite value of a computation appears. */
export interface NonFiniteValue {
  /** The first of them. */
  readonly value: "NaN" | "infinite";
  /**
   * The operation that made it, by the name that `explain(f, { stage: "graph" })` shows, such as `log`; `argument` if it
   * was passed to the function, `tensor` if the function closes over it.
   */
  readonly operation: string;
  /** The shape of the operation's result. */
  readonly shape: Shape;
  /** The iterations of the scans around the operation, outermost first, counted from 0. */
  readonly turns: readonly number[];
  /** The position of the argument that has it; null if it was computed. */
  readonly argument: number | null;
  /**
   * The line of your code that applies the operation, such as `file:///home/me/train.ts:12:30`; null if it is not known.
   * Operations of a gradient have the line of the operation whose gradient they compute.
   */
  readonly place: string | null;
}

/**
 * Computes `fn`, whether compiled by `jit` or not, and finds the operation that makes the first NaN or infinite value on
 * which a result depends. Returns null if all results are finite: harmless infinities inside, such as those of masks, are
 * not reported. It is much slower than a normal call, and changes nothing: no argument is donated.
 *
 * The values are those of the simplified graph, as `jit` computes it. They are found in gradients and loops, too.
 *
 * @throws {TypeError} if `fn` is no function that `jit` can compile, for example because it is asynchronous.
 *
 * @example
 * ```ts
 * import { findNonFinite, jit, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const entropy = jit((p: Tensor) => p.mul(p.log()).sum().neg());
 * const found = await findNonFinite(entropy, tensor([0.5, 0, 0.5]));
 * assertEquals([found?.operation, found?.value, found?.shape], ["log", "infinite", [3]]);
 * assertEquals(await findNonFinite(entropy, tensor([0.5, 0.5])), null);
 * ```
 */
export async function findNonFinite<A extends unknown[]>(
  fn: (...args: A) => unknown,
  ...args: A
): Promise<NonFiniteValue | null> {
  checkArgument("find values that are not finite", fn, functionKind);
  if (!canCompute()) await deviceToCompute();
  const flat = flattenTree(args);
  const traced = recordPlaces(() => trace(fn as (...args: never[]) => unknown, flat).graph);
  const surveyed = survey(simplify(traced, [transposeConvolution]));
  const origin = findOrigin(surveyed, await severitiesOf(surveyed, flat));
  return origin && describeOrigin(origin, args);
}

/** Computes the severities of a graph's values. */
async function severitiesOf({ graph, original }: SurveyedGraph, { leaves }: Flat): Promise<Severities> {
  const first = original.results.length;
  const compiled = new CompiledGraph(graph, currentBackend(), { name: "values that are not finite" });
  const storages = compiled.run(leaves.map(({ node }) => materialize(node).attributes.storage));
  const found = new Map<number, ArrayLike<number>>();
  for (const [i, storage] of storages.entries()) {
    if (i >= first) found.set(i, await storage.read());
    storage.dispose();
  }
  compiled.dispose();
  return found;
}

function describeOrigin({ node, severity: found, turns }: Origin, args: readonly unknown[]): NonFiniteValue {
  const value = found === severity.nan ? "NaN" : "infinite";
  const place = node.place ?? null;
  const facts = { value, shape: node.shape, turns, argument: null, place } as const;
  if (isNode(node, "parameter")) {
    return { ...facts, operation: "argument", argument: positionOf(node.attributes.index, args) };
  }
  return { ...facts, operation: isNode(node, "data") ? "tensor" : node.op };
}

/** The position of the argument that holds this tensor. */
function positionOf(leaf: number, args: readonly unknown[]): number {
  let leaves: readonly Tensor[] = [];
  return args.findIndex((arg) => (leaves = [...leaves, ...flattenTree(arg).leaves]).length > leaf);
}
