import { assertEquals } from "@std/assert";
import type { DType } from "../dtype.ts";
import { evaluateScalar } from "./evaluate.ts";
import type { ElementTypes } from "./facts.ts";
import { type ScalarOp, scalarOps } from "./operations.ts";

/** The operands of each element type: zeros, ones, limits, and numbers between. */
const operands: Record<DType, readonly number[]> = {
  f32: [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2, 3, -3, 1.7, -2.7, 3.1, 6.5, 20, 1e-30, 2 ** 24 + 2, 3e38],
  i32: [0, 1, -1, 2, -3, 7, 31, 32, 33, 2 ** 31 - 1, -(2 ** 31)],
  u32: [0, 1, 2, 3, 7, 31, 32, 33, 2 ** 31, 2 ** 32 - 1],
  bool: [0, 1],
};

const typesOf: Record<ElementTypes, readonly DType[]> = {
  float: ["f32"],
  number: ["f32", "i32", "u32"],
  integer: ["i32", "u32"],
  bool: ["bool"],
  bits: ["i32", "u32", "bool"],
  any: ["f32", "i32", "u32", "bool"],
};

/** All results of an operation, rounded to singles, as words. */
function* resultsOf(op: ScalarOp): Generator<number> {
  const { arity, takes, isComparison } = scalarOps[op];
  for (const from of typesOf[takes]) {
    const targets: readonly DType[] = op === "cast" || op === "bitcast" ? typesOf.any : [isComparison ? "bool" : from];
    for (const to of targets.filter((to) => op !== "bitcast" || to !== "bool")) {
      for (const a of operands[from]) {
        for (const b of arity > 1 ? operands[from] : [0]) {
          const rest = arity > 2 ? [b, a] : [];
          yield evaluateScalar(op, [a, b, ...rest].slice(0, arity), { to, from });
        }
      }
    }
  }
}

/** FNV-1a of the bits of singles, where all NaN are the same. */
function hashOf(results: Iterable<number>): string {
  const view = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (const result of results) {
    view.setFloat32(0, result);
    view.setUint32(4, Number.isNaN(result) ? 1 : result >>> 0);
    for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Hashes of results that were right when they were recorded: any other result is a change. */
const recorded: Record<ScalarOp, string> = {
  neg: "c28f958d",
  abs: "552adb9b",
  sign: "f3d032d5",
  exp: "b210b5dc",
  log: "b0678100",
  sqrt: "3b20a07a",
  sin: "12599ebb",
  cos: "5a74923c",
  tanh: "6a7a69a9",
  sigmoid: "50e9ebcf",
  erf: "40bca2bc",
  floor: "0d478b0c",
  not: "131323ed",
  cast: "6e15bcf4",
  bitcast: "42822b75",
  add: "de5314fd",
  sub: "4cc18c5a",
  mul: "9ca130cd",
  div: "890d8f2d",
  mod: "a41a1783",
  max: "590ef8d2",
  min: "fd7e819a",
  pow: "134bda90",
  lt: "ba3b71cd",
  le: "9b6c0b8d",
  eq: "97fd5c25",
  ne: "8697050d",
  and: "3cac9109",
  or: "46e685a1",
  xor: "02caa585",
  shl: "be9bff7c",
  shr: "b9a8c2bb",
  where: "d41bb83c",
  threefry: "c5d38327",
};

Deno.test("the results of every scalar operation are as recorded", () => {
  const ops = Object.keys(scalarOps) as ScalarOp[];
  assertEquals(Object.fromEntries(ops.map((op) => [op, hashOf(resultsOf(op))])), recorded);
});
