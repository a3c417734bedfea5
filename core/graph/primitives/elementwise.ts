/**
 * Primitives that compute each element from the inputs' elements at the same index. Their facts are in the table of
 * scalar operations, `core/scalar/operations.ts`; this file holds the code that they have in common.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import { scalarFunction } from "../../scalar/evaluate.ts";
import type { ElementTypes } from "../../scalar/facts.ts";
import { type ScalarOp, scalarOps } from "../../scalar/operations.ts";
import { sameShape } from "../../shape.ts";
import type { Attributes } from "../attributes.ts";
import { type Node, showType, type ValueType } from "../node.ts";
import type { Rule } from "../rule.ts";

const dtypes: Record<ElementTypes, readonly DType[]> = {
  float: ["f32"],
  number: ["f32", "i32", "u32"],
  integer: ["i32", "u32"],
  bool: ["bool"],
  bits: ["bool", "i32", "u32"],
  any: ["f32", "i32", "u32", "bool"],
};

function checkOperands(operation: string, inputs: readonly Node[], takes: ElementTypes): void {
  const [first] = inputs;
  for (const input of inputs) {
    if (!sameShape(input.shape, first.shape)) {
      throw new TypeError(`Cannot ${operation} ${inputs.map(showType).join(" and ")}: shapes must be equal`);
    }
    if (input.dtype !== first.dtype || !dtypes[takes].includes(input.dtype)) {
      throw new TypeError(
        `Cannot ${operation} ${inputs.map(showType).join(" and ")}: expected one element type of ${
          dtypes[takes].join(", ")
        }`,
      );
    }
  }
}

function rule<P extends ScalarOp>(op: P): Rule<P> {
  const { takes, gradient, isComparison } = scalarOps[op];
  return {
    kind: "elementwise",
    infer: (inputs) => {
      checkOperands(op, inputs, takes);
      return { shape: inputs[0].shape, dtype: isComparison ? "bool" : inputs[0].dtype };
    },
    vjp: gradient && ((cotangent, inputs, { output }) => gradient(cotangent, inputs, output)),
    evaluate: (inputs, _, node) => {
      const compute = scalarFunction(op, { to: node.dtype, from: node.inputs[0].dtype });
      const operands = inputs.map(() => 0);
      return inputs[0].values.map((_, i) => {
        for (let input = 0; input < operands.length; input++) operands[input] = inputs[input].values[i];
        return compute(operands);
      });
    },
  };
}

const inferConversion = ([x]: readonly Node[], { dtype }: Attributes["cast"]): ValueType => ({ shape: x.shape, dtype });

function inferChoice([condition, a, b]: readonly Node[]): ValueType {
  checkOperands("choose between", [a, b], scalarOps.where.takes);
  if (condition.dtype !== "bool" || !sameShape(condition.shape, a.shape)) {
    throw new TypeError(
      `Cannot choose between ${showType(a)} and ${showType(b)} by ${
        showType(condition)
      }: expected a bool condition of the same shape`,
    );
  }
  return { shape: a.shape, dtype: a.dtype };
}

const plain = Object.fromEntries(Object.keys(scalarOps).map((op) => [op, rule(op as ScalarOp)])) as {
  readonly [P in ScalarOp]: Rule<P>;
};

/** One entry for each scalar operation. */
export const elementwise: { readonly [P in ScalarOp]: Rule<P> } = {
  ...plain,
  cast: { ...plain.cast, infer: inferConversion },
  bitcast: { ...plain.bitcast, infer: inferConversion },
  where: { ...plain.where, infer: inferChoice },
};
