/**
 * Primitives with sub-graphs and several results, and `pick`, which takes one result out.
 *
 * @module
 */

import { sameShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { ScanAttributes, TupleAttributes } from "../attributes.ts";
import { type Graph, type Node, showType, type ValueType } from "../node.ts";
import type { PickRule, Reference, TupleRule } from "../rule.ts";
import { scanGradient } from "./scan_gradient.ts";

function expectTypes(what: string, got: readonly ValueType[], expected: readonly ValueType[]): void {
  got.forEach((type, i) => {
    if (!sameShape(type.shape, expected[i].shape) || type.dtype !== expected[i].dtype) {
      throw new TypeError(`Cannot scan: ${what} ${i} must be ${showType(expected[i])}, got ${showType(type)}`);
    }
  });
}

function scanOutputs(inputs: readonly Node[], { body, length, carries, stacked }: ScanAttributes): ValueType[] {
  expectTypes("carry", inputs.slice(0, carries), body.parameters.slice(0, carries));
  inputs.slice(carries, carries + stacked).forEach((input, i) => {
    const { shape, dtype } = body.parameters[carries + i];
    expectTypes("stacked input", [input], [{ shape: [length, ...shape], dtype }]);
  });
  expectTypes("the body's new carry", body.results.slice(0, carries), body.parameters.slice(0, carries));
  return [
    ...body.parameters.slice(0, carries).map(({ shape, dtype }) => ({ shape, dtype })),
    ...body.results.slice(carries).map(({ shape, dtype }) => ({ shape: [length, ...shape], dtype })),
  ];
}

function evaluateScan(
  inputs: readonly Reference[],
  { body, length, carries, stacked, reverse }: ScanAttributes,
  run: (graph: Graph, inputs: readonly Reference[]) => Reference[],
): Reference[] {
  let state = inputs.slice(0, carries);
  const outputs = body.results.slice(carries).map(({ shape }): Reference => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { shape: [length, ...shape], values: new Float64Array(length * size) };
  });
  for (let step = 0; step < length; step++) {
    const t = reverse ? length - 1 - step : step;
    const slices = inputs.slice(carries, carries + stacked).map(({ shape, values }): Reference => {
      const size = values.length / length;
      return { shape: shape.slice(1), values: values.slice(t * size, (t + 1) * size) };
    });
    const results = run(body, [...state, ...slices, ...inputs.slice(carries + stacked)]);
    state = results.slice(0, carries);
    results.slice(carries).forEach(({ values }, i) => outputs[i].values.set(values, t * values.length));
  }
  return [...state, ...outputs];
}

const scan: TupleRule<"scan"> = {
  kind: "tuple",
  isInlined: false,
  withBody: ({ extends: _, ...attributes }, body) => ({ ...attributes, body }),
  outputs: scanOutputs,
  vjpOf: scanGradient,
  evaluateAll: evaluateScan,
};

/** A function whose intermediate values are not kept but computed again for the gradient. */
const checkpoint: TupleRule<"checkpoint"> = {
  kind: "tuple",
  isInlined: true,
  withBody: (_, body) => ({ body }),
  outputs: (_, { body }) => body.results.map(({ shape, dtype }) => ({ shape, dtype })),
  vjpOf: (cotangents, { inputs, attributes: { body } }, { inline, pull }) => {
    const token = cotangents.find((cotangent): cotangent is Tensor => cotangent !== null)!;
    const again = inputs.map((input) => input.apply("barrier", [token], {}));
    return pull(inline(body, again), cotangents, again);
  },
  evaluateAll: (inputs, { body }, run) => run(body, inputs),
};

/** The entry of the primitive that selects one of several results. */
export const pick: PickRule = {
  kind: "pick",
  infer: ([tuple], { index }) => tuple.results![index],
  vjp: null,
  evaluate: () => {
    throw new Error("Cannot evaluate pick: the interpreter selects the results of a tuple itself");
  },
};

/** One entry for each primitive with several results. */
export const tuples: { readonly [P in keyof TupleAttributes]: TupleRule<P> } = { scan, checkpoint };
