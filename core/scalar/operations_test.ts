import { assert } from "@std/assert";
import type { DType } from "../dtype.ts";
import { evaluateScalar } from "./evaluate.ts";
import { type ScalarOp, scalarOps } from "./operations.ts";

const values: Record<DType, readonly number[]> = {
  f32: [0, 1, -2.5, 7, Infinity],
  i32: [0, 1, -3, 7, -(2 ** 31)],
  u32: [0, 1, 7, 2 ** 32 - 1],
  bool: [0, 1],
};

/** The element type on which an operation is tried (default: f32). */
const typeOf: Partial<Record<ScalarOp, DType>> = { not: "bool", shl: "u32", shr: "u32" };

/** Calls `check` for each operation with some values and with a function that applies it to values of their type. */
function eachOperation(
  check: (op: ScalarOp, xs: readonly number[], apply: (...operands: number[]) => number) => void,
): void {
  for (const op of Object.keys(scalarOps) as ScalarOp[]) {
    const dtype = typeOf[op] ?? "f32";
    check(op, values[dtype], (...operands) => evaluateScalar(op, operands, { to: dtype, from: dtype }));
  }
}

Deno.test("neutral operands leave every value as it is", () => {
  eachOperation((op, xs, apply) => {
    const { left, right } = scalarOps[op].neutral;
    for (const x of xs) {
      if (left !== null) assert(apply(left, x) === x, `${op}(${left}, ${x})`);
      if (right !== null) assert(apply(x, right) === x, `${op}(${x}, ${right})`);
    }
  });
});

Deno.test("an involution applied twice changes nothing", () => {
  eachOperation((op, xs, apply) => {
    if (scalarOps[op].isInvolution) { for (const x of xs) assert(apply(apply(x)) === x, `${op}(${op}(${x}))`); }
  });
});

Deno.test("the result of a comparison is true or false", () => {
  eachOperation((op, xs, apply) => {
    if (!scalarOps[op].isComparison) return;
    for (const a of xs) for (const b of xs) assert([0, 1].includes(apply(a, b)), `${op}(${a}, ${b})`);
  });
});

Deno.test("every operation has a price and a length", () => {
  for (const [op, { price, length }] of Object.entries(scalarOps)) {
    assert(price >= 0 && length >= 1 && Number.isInteger(length), op);
  }
});
