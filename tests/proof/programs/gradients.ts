/**
 * Gradients of programs, compared with differences in double precision.
 *
 * @module
 */

import type { Graph, Node } from "../../../core/graph/node.ts";
import { isKind, ruleOf, type SinglePrimitive } from "../../../core/graph/ops.ts";
import type { Reference } from "../../../core/graph/rule.ts";
import { isFloat } from "../../../core/dtype.ts";
import { pull } from "../../../core/graph/grad.ts";
import { type Argument, gradientOf, graphOf, numbers, weighted } from "../../oracle.ts";
import { Fault } from "./check.ts";
import { type Evaluate, evaluate } from "./evaluate.ts";
import { allNodes, computationOf } from "./program.ts";

/** Σ result · weight, as a graph; undefined if no result is f32. */
export function lossOf(graph: Graph, inputs: readonly Argument[]): Graph | undefined {
  const floats = { ...graph, results: graph.results.filter(({ dtype }) => isFloat(dtype)) };
  if (floats.results.length === 0) return undefined;
  return graphOf(weighted(computationOf(floats)), inputs);
}

/** The gradients of a loss by its arguments of type f32. */
export function gradientGraph(loss: Graph, inputs: readonly Argument[]): Graph {
  const all = graphOf(gradientOf(computationOf(loss)), inputs);
  return { ...all, results: all.results.filter((_, i) => isFloat(inputs[i].dtype)) };
}

/** Whether the gradient of a graph is what differences show: clipped ones are not. */
export function hasSlopes(graph: Graph): boolean {
  return allNodes(graph).every(({ op }) => op !== "clipGradient");
}

/** Nodes that gradients treat as constants. */
const isConstant = (node: Node): boolean =>
  !isFloat(node.dtype) || node.op === "stop" ||
  !isKind(node, "source") && ruleOf(node as Node<SinglePrimitive>).vjp === null;

/**
 * Keeps the values of everything that gradients treat as constant: the first computation records them, all others
 * return them.
 */
class Frozen {
  readonly #values: Float64Array[] = [];
  #next = 0;

  /** Starts another computation of the same graph. */
  restart(): void {
    this.#next = 0;
  }

  readonly evaluate: Evaluate = (node, inputs, exactly) => {
    if (!isConstant(node)) return exactly(inputs);
    const at = this.#next++;
    return this.#values[at] ??= exactly(inputs);
  };
}

/** The inputs, moved along a direction. */
function moved(inputs: readonly Argument[], directions: readonly Float64Array[], step: number): Argument[] {
  return inputs.map((input, i) =>
    isFloat(input.dtype) ? { ...input, values: input.values.map((value, j) => value + step * directions[i][j]) } : input
  );
}

/** Values of a scalar function on a line through the arguments. */
interface Line {
  /** The slope by a difference over ± `step`. */
  slope(step: number): number;
  /** The slopes on both sides. */
  sides(step: number): readonly [number, number];
  /** The largest number in all of the computations. */
  readonly largest: number;
}

function lineThrough(loss: Graph, inputs: readonly Argument[], directions: readonly Float64Array[]): Line {
  const frozen = new Frozen();
  let largest = 1;
  const by: Evaluate = (node, given, exactly) => {
    const values = frozen.evaluate(node, given, exactly);
    if (isFloat(node.dtype)) {
      for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    }
    return values;
  };
  const at = (step: number): number => {
    frozen.restart();
    return evaluate(loss, moved(inputs, directions, step), by)[0].values[0];
  };
  const middle = at(0);
  return {
    slope: (step) => (at(step) - at(-step)) / (2 * step),
    sides: (step) => [(at(step) - middle) / step, (middle - at(-step)) / step],
    get largest() {
      return largest;
    },
  };
}

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

const largestOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The sum of the magnitudes of all terms of a slope. */
const slopesOf = (gradients: readonly Reference[], directions: readonly Float64Array[]): number =>
  gradients.reduce((sum, { values }, i) => sum + inner(values.map(Math.abs), directions[i].map(Math.abs)), 0);

/** What a comparison with differences came to. */
export type Compared = "equal" | "not smooth" | "not finite";

/**
 * Compares gradients with the slope of the loss in one direction. The error of a difference is estimated from that of
 * another one over twice the step; where both sides of the point have different slopes, there is nothing to compare.
 */
export function checkSlopes(
  loss: Graph,
  gradients: readonly Reference[],
  { inputs, order }: { readonly inputs: readonly Argument[]; readonly order: string },
): Compared {
  const directions = inputs.map(({ shape }, i) => numbers(shape, { seed: 7 + i, low: -1, high: 1 }).values);
  const floats = directions.filter((_, i) => isFloat(inputs[i].dtype));
  const gradient = gradients.reduce((sum, { values }, i) => sum + inner(values, floats[i]), 0);
  const step = 1e-5;
  const line = lineThrough(loss, inputs, directions);
  const [near, far] = [line.slope(step), line.slope(2 * step)];
  const [right, left] = line.sides(step);
  if (![near, far, right, left, gradient].every(Number.isFinite)) return "not finite";
  // The sums of arguments and steps are rounded, too.
  const rounded = 1e-15 * Math.max(0, ...inputs.map(({ values }) => largestOf(values))) / step;
  const error = 10 * Math.abs(near - far) + 1e-14 * line.largest / step +
    (1e-9 + rounded) * slopesOf(gradients, floats);
  if (!Number.isFinite(error)) return "not finite";
  if (error > 1e-2 * Math.max(1, Math.abs(near))) return "not smooth";
  if (Math.abs(right - left) > 1e-3 * Math.max(1, Math.abs(near)) + error) return "not smooth";
  const apart = Math.abs(gradient - near);
  if (apart <= error + 1e-7 * Math.max(1, Math.abs(near))) return "equal";
  // A tie of two minima: the gradient is one of the two slopes, the difference their mean.
  if (apart <= 0.6 * Math.abs(right - left)) return "not smooth";
  throw new Fault(`${order} gradient: the slope is ${near} ± ${error}, the gradient says ${gradient}`);
}

/** The cotangents of the arguments of a graph, as a function of those of its results. */
function pullback(graph: Graph, inputs: readonly Argument[], cotangents: readonly Argument[]): Graph {
  const fn = computationOf(graph);
  return graphOf((...given) => {
    const tensors = given.slice(0, inputs.length);
    const results = fn(...tensors) as Parameters<typeof pull>[0];
    return pull(results, given.slice(inputs.length), tensors).flatMap((one) => one ? [one] : []);
  }, [...inputs, ...cotangents]);
}

/** Fails unless the cotangents of the arguments are linear in those of the results. */
export function checkLinear(graph: Graph, inputs: readonly Argument[]): void {
  const floats = { ...graph, results: graph.results.filter(({ dtype }) => isFloat(dtype)) };
  const [first, second] = [1, 2].map((seed) =>
    floats.results.map(({ shape }, i) => numbers(shape, { seed: 10 * seed + i }))
  );
  const back = pullback(floats, inputs, first);
  let largest = 1;
  const by: Evaluate = (_, given, exactly) => {
    const values = exactly(given);
    for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    return values;
  };
  const pulled = (cotangents: readonly Argument[]): Reference[] => evaluate(back, [...inputs, ...cotangents], by);
  const sums = first.map((one, i) => ({
    ...one,
    values: one.values.map((value, j) => 2 * value + second[i].values[j]),
  }));
  const [a, b, sum] = [pulled(first), pulled(second), pulled(sums)];
  sum.forEach(({ values }, i) =>
    values.forEach((value, j) => {
      const expected = 2 * a[i].values[j] + b[i].values[j];
      if (!Number.isFinite(expected) || Math.abs(value - expected) <= 1e-12 * largest) return;
      throw new Fault(
        `the pullback is not linear: expected ${expected} for element ${j} of cotangent ${i}, got ${value}`,
      );
    })
  );
}
