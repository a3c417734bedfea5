/**
 * Primitives that compute each element from the elements at the same place.
 *
 * @module
 */

import { type DType, isFloat } from "../../dtype.ts";
import { sameShape } from "../../shape.ts";
import { evaluateScalar } from "../../nest/scalar.ts";
import type { Tensor } from "../../tensor.ts";
import { type Attributes, type Node, showType } from "../node.ts";
import type { Cotangents, Rule } from "../rule.ts";
import type { ScalarOp } from "../../nest/scalar_ops.ts";

type Vjp = (cotangent: Tensor, inputs: readonly Tensor[], output: Tensor) => Cotangents;
type Kinds = "float" | "number" | "integer" | "bool" | "bits" | "any";

const accepts: Record<Kinds, readonly DType[]> = {
  float: ["f32"],
  number: ["f32", "i32", "u32"],
  integer: ["i32", "u32"],
  bool: ["bool"],
  bits: ["bool", "i32", "u32"],
  any: ["f32", "i32", "u32", "bool"],
};

function checkOperands(op: string, inputs: readonly Node[], kinds: Kinds): void {
  const [first] = inputs;
  for (const input of inputs) {
    if (!sameShape(input.shape, first.shape)) {
      throw new TypeError(`Cannot ${op} ${inputs.map(showType).join(" and ")}: shapes must be equal`);
    }
    if (input.dtype !== first.dtype || !accepts[kinds].includes(input.dtype)) {
      throw new TypeError(
        `Cannot ${op} ${inputs.map(showType).join(" and ")}: expected one element type of ${accepts[kinds].join(", ")}`,
      );
    }
  }
}

function rule<P extends ScalarOp>(op: P, kinds: Kinds, vjp: Vjp | null, result?: "bool"): Rule<P> {
  return {
    kind: "elementwise",
    infer: (inputs) => {
      checkOperands(op, inputs, kinds);
      return { shape: inputs[0].shape, dtype: result ?? inputs[0].dtype };
    },
    vjp,
    evaluate: evaluateElementwise(op),
  };
}

function evaluateElementwise<P extends ScalarOp>(op: P): Rule<P>["evaluate"] {
  return (inputs, _, node) => {
    const types = { to: node.dtype, from: node.inputs[0].dtype };
    return inputs[0].values.map((_, i) => evaluateScalar(op, inputs.map(({ values }) => values[i]), types));
  };
}

function conversion<P extends "cast" | "bitcast">(op: P, vjp: Vjp | null): Rule<P> {
  return {
    kind: "elementwise",
    infer: ([x], { dtype }: Attributes["cast"]) => ({ shape: x.shape, dtype }),
    vjp,
    evaluate: evaluateElementwise(op),
  };
}

/** The cotangent of the operand that was chosen; equal operands share it. */
const chosen = (first: (a: Tensor, b: Tensor) => Tensor): Vjp => (g, [a, b]) => {
  const half = g.mul(0.5);
  const tie = a.equal(b);
  const wins = first(a, b);
  const zero = g.zerosLike();
  return [tie.where(half, wins.where(g, zero)), tie.where(half, wins.where(zero, g))];
};

/** One entry a primitive: the element types it takes, and its gradient. */
export const elementwise = {
  neg: rule("neg", "number", (g) => [g.neg()]),
  abs: rule("abs", "number", (g, [x]) => [g.mul(x.sign())]),
  sign: rule("sign", "number", null),
  exp: rule("exp", "float", (g, _, y) => [g.mul(y)]),
  log: rule("log", "float", (g, [x]) => [g.div(x)]),
  sqrt: rule("sqrt", "float", (g, _, y) => [g.div(y.mul(2))]),
  sin: rule("sin", "float", (g, [x]) => [g.mul(x.cos())]),
  cos: rule("cos", "float", (g, [x]) => [g.mul(x.sin()).neg()]),
  tanh: rule("tanh", "float", (g, _, y) => [g.mul(y.square().neg().add(1))]),
  sigmoid: rule("sigmoid", "float", (g, _, y) => [g.mul(y.mul(y.neg().add(1)))]),
  erf: rule("erf", "float", (g, [x]) => [g.mul(x.square().neg().exp().mul(2 / Math.sqrt(Math.PI)))]),
  floor: rule("floor", "float", null),
  not: rule("not", "bool", null),
  cast: conversion("cast", (g, [x]) => [isFloat(x.dtype) ? g : null]),
  bitcast: conversion("bitcast", null),
  add: rule("add", "number", (g) => [g, g]),
  sub: rule("sub", "number", (g) => [g, g.neg()]),
  mul: rule("mul", "number", (g, [a, b]) => [g.mul(b), g.mul(a)]),
  div: rule("div", "number", (g, [_, b], y) => [g.div(b), g.mul(y).div(b).neg()]),
  mod: rule("mod", "number", (g, [a, b]) => [g, g.mul(a.div(b).trunc()).neg()]),
  max: rule("max", "number", chosen((a, b) => a.greater(b))),
  min: rule("min", "number", chosen((a, b) => a.less(b))),
  pow: rule("pow", "float", (g, [a, b], y) => {
    const zero = g.zerosLike();
    const logarithm = a.greater(zero).where(a, a.onesLike()).log();
    return [g.mul(b.equal(zero).where(zero, b.mul(a.pow(b.sub(1))))), g.mul(y).mul(logarithm)];
  }),
  lt: rule("lt", "any", null, "bool"),
  le: rule("le", "any", null, "bool"),
  eq: rule("eq", "any", null, "bool"),
  ne: rule("ne", "any", null, "bool"),
  and: rule("and", "bits", null),
  or: rule("or", "bits", null),
  xor: rule("xor", "bits", null),
  shl: rule("shl", "integer", null),
  shr: rule("shr", "integer", null),
  where: {
    ...rule("where", "any", (g, [condition]) => {
      const zero = g.zerosLike();
      return [null, condition.where(g, zero), condition.where(zero, g)];
    }),
    infer: ([condition, a, b]) => {
      checkOperands("choose between", [a, b], "any");
      if (condition.dtype !== "bool" || !sameShape(condition.shape, a.shape)) {
        throw new TypeError(
          `Cannot choose between ${showType(a)} and ${showType(b)} by ${
            showType(condition)
          }: expected a bool condition of the same shape`,
        );
      }
      return { shape: a.shape, dtype: a.dtype };
    },
  } satisfies Rule<"where">,
  threefry: rule("threefry", "integer", null),
};
