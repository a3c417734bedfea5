/**
 * Recipes of the elementwise primitives.
 *
 * @module
 */

import type { DType } from "../../../../core/dtype.ts";
import { bits, fold } from "../../../../core/random/bits.ts";
import { bernoulli, uniform } from "../../../../core/random/distributions.ts";
import type { ScalarOp } from "../../../../core/scalar/operations.ts";
import type { Tensor } from "../../../../core/tensor.ts";
import type { Draft } from "../draft.ts";
import { fitted } from "../fitted.ts";
import type { Recipe } from "./recipe.ts";

const numbers: readonly DType[] = ["f32", "f32", "f32", "i32", "u32"];
const anyType: readonly DType[] = ["f32", "i32", "u32", "bool"];

/** Numbers whose magnitudes are at least a half. */
const awayFromZero = (d: Draft, x: Tensor): Tensor => d.smallest(x) >= 0.5 ? x : x.square().add(0.5);
/** Numbers of at least a half. */
const positive = (d: Draft, x: Tensor): Tensor =>
  d.valuesOf(x).every((value) => value >= 0.5) ? x : d.choose.once(2) ? x.square().add(0.5) : x.abs().add(0.75);

const unary = (op: ScalarOp & ("exp" | "sin" | "cos" | "tanh" | "sigmoid" | "erf"), most: number): Recipe => (d) =>
  d.smaller(d.float(), most).apply(op, [], {});

/** Two numbers of one type. With f32, three of four times. */
function binary(op: "add" | "sub" | "mul" | "max" | "min"): Recipe {
  return (d) => {
    const x = d.among(numbers);
    if (d.choose.once(8)) return x.binary(op, d.choose.of([0, 1, -1, 2, 3]));
    return x.apply(op, [d.like(x)], {});
  };
}

const comparison = (op: "lt" | "le" | "eq" | "ne"): Recipe => (d) => {
  const x = d.among(anyType, { exact: true });
  if (x.dtype !== "bool" && d.choose.once(4)) return x.binary(op, d.choose.of([0, 1, 2]));
  return x.apply(op, [d.like(x, { exact: true })], {});
};

const bitwise = (op: "and" | "or" | "xor"): Recipe => (d) => {
  const x = d.among(["bool", "i32", "u32"]);
  return x.apply(op, [d.like(x)], {});
};

const shift = (op: "shl" | "shr"): Recipe => (d) => {
  const x = d.integer();
  return d.choose.once(2) ? x.binary(op, d.choose.below(32)) : x.apply(op, [d.like(x)], {});
};

/** Bits of positive normal numbers, or of exact ones. */
const bitcast: Recipe = (d) => {
  if (d.choose.once(2)) return d.exact().bitcast(d.choose.of(["i32", "u32"]));
  const x = d.integer();
  if (d.choose.once(2)) return x.bitcast(x.dtype === "i32" ? "u32" : "i32");
  return x.bitcast("u32").binary("shr", 9).binary("or", 0x3f800000).bitcast("f32");
};

/** A key, from two words or from a number. */
function keyOf(d: Draft): Tensor {
  const given = d.pick((x) => x.dtype === "u32" && String(x.shape) === "2");
  const key = given ?? d.of("u32").reshape([-1]).pad([[2, 0]]).flip().slice([0], [2]);
  return d.choose.once(3) ? fold(key, d.choose.below(9)) : key;
}

/** Random bits, numbers, and the masks of dropout. */
const threefry: Recipe = (d) => {
  const key = keyOf(d);
  const x = d.float();
  switch (d.choose.below(4)) {
    case 0:
      return bits(key, x.shape);
    case 1:
      return uniform(key, x.shape);
    case 2: {
      const word = d.of("u32");
      return word.apply("threefry", [d.like(word), d.like(word), d.like(word)], {});
    }
    default:
      return bernoulli(key, 0.5, x.shape).where(x.mul(2), 0);
  }
};

const pow: Recipe = (d) => {
  const x = d.smaller(d.float(), 4);
  if (d.choose.once(3)) return x.pow(d.choose.of([2, 3, 4, 5]));
  const base = positive(d, x);
  return d.choose.once(2)
    ? base.pow(d.choose.of([-2, -1, -0.5, 0, 0.5, 1, 1.5, 2]))
    : base.pow(d.smaller(d.like(base), 2));
};

/** Quotients of floating-point numbers, of integers that are not known, and of integers by known ones. */
const div: Recipe = (d) => {
  const x = d.among(["f32", "f32", "i32", "i32", "u32"]);
  if (x.dtype === "f32") {
    return d.choose.once(4) ? x.div(d.choose.of([2, 3, 0.5])) : x.div(awayFromZero(d, d.like(x)));
  }
  const by = d.choose.once(3) ? d.like(x) : x.fullLike(d.choose.of([2, 2, 3, 4, 7, 8]));
  return x.apply("div", [by], {});
};

/** One recipe for each elementwise primitive. */
export const elementwise: { readonly [P in ScalarOp]: Recipe } = {
  neg: (d) => d.among(numbers).neg(),
  abs: (d) => d.among(numbers).abs(),
  sign: (d) => d.among(numbers, { exact: true }).sign(),
  exp: unary("exp", 4),
  log: (d) => positive(d, d.float()).log(),
  sqrt: (d) => positive(d, d.float()).sqrt(),
  sin: unary("sin", 50),
  cos: unary("cos", 50),
  tanh: unary("tanh", Infinity),
  sigmoid: unary("sigmoid", Infinity),
  erf: unary("erf", Infinity),
  floor: (d) => d.exact().floor(),
  not: (d) => d.of("bool").logicalNot(),
  cast: (d) => d.among(anyType, { exact: true }).cast(d.choose.of(anyType)),
  bitcast,
  add: binary("add"),
  sub: binary("sub"),
  mul: binary("mul"),
  div,
  mod: (d) => {
    const x = d.among(["f32", "i32", "i32", "u32"], { exact: true });
    if (d.choose.once(2)) return x.mod(d.choose.of([2, 3, 4, 5, 7, 8]));
    return x.apply("mod", [x.dtype === "f32" ? awayFromZero(d, d.like(x, { exact: true })) : d.like(x)], {});
  },
  max: binary("max"),
  min: binary("min"),
  pow,
  lt: comparison("lt"),
  le: comparison("le"),
  eq: comparison("eq"),
  ne: comparison("ne"),
  and: bitwise("and"),
  or: bitwise("or"),
  xor: bitwise("xor"),
  shl: shift("shl"),
  shr: shift("shr"),
  where: (d) => {
    const x = d.among(anyType);
    const condition = fitted(d.of("bool"), x.shape, d.choose);
    if (x.dtype !== "bool" && d.choose.once(3)) return condition.where(x, d.choose.of([0, 1]));
    return condition.where(x, d.like(x));
  },
  threefry,
};
