import { assertEquals, assertThrows } from "@std/assert";

import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertNear, numbers, reference } from "../../tests/oracle.ts";
import { ones, tensor } from "../creation.ts";

import { explain } from "../explain.ts";
import { jit } from "../jit.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

import { matmul } from "./matmul.ts";
import { elementAt, indexAt } from "./test_windows.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

Deno.test("a product of matrices is Σ over the inner axis, with any leading axes and broadcasting", async () => {
  const shapes: readonly [Shape, Shape, Shape][] = [
    [[2, 3], [3, 4], [2, 4]],
    [[5, 2, 3], [3, 4], [5, 2, 4]],
    [[5, 2, 3], [5, 3, 4], [5, 2, 4]],
    [[1, 2, 3], [5, 3, 4], [5, 2, 4]],
    [[2, 3], [5, 3, 4], [5, 2, 4]],
    [[2, 1, 2, 3], [3, 3, 1], [2, 3, 2, 1]],
    [[1, 1], [1, 1], [1, 1]],
    [[2, 0], [0, 3], [2, 3]],
    [[0, 3], [3, 2], [0, 2]],
  ];
  for (const [left, right, expected] of shapes) {
    const [a, b] = [numbers(left), numbers(right, { seed: 2 })];
    const [{ shape, values }] = await reference((a, b) => matmul(a, b), [a, b]);
    assertEquals(shape, expected);
    const depth = left.at(-1)!;
    values.forEach((value, position) => {
      const index = indexAt(expected, position);
      const [row, column] = index.slice(-2);
      const place = (shape: Shape): number[] => {
        const lead = shape.slice(0, -2);
        return lead.map((extent, axis) => extent === 1 ? 0 : index[index.length - 2 - lead.length + axis]);
      };
      const terms = range(depth).map((k) =>
        elementAt(a.values, left, [...place(left), row, k]) * elementAt(b.values, right, [...place(right), k, column])
      );
      assertNear([value], [terms.reduce((sum, term) => sum + term, 0)], `${left} by ${right}`, { tolerance: 1e-12 });
    });
  }
});

Deno.test("a vector is a row on the left and a column on the right, and its axis is dropped", async () => {
  const [row, square] = [tensor([1, 2]), tensor([[1, 0], [3, 1]])];
  assertEquals(await matmul(row, square).toArray(), [7, 2]);
  assertEquals(await matmul(square, row).toArray(), [1, 5]);
  assertEquals(await matmul(row, row).toArray(), 5);
  assertEquals(matmul(ones([4, 3, 2]), ones([2])).shape, [4, 3]);
  assertEquals(matmul(ones([2]), ones([4, 2, 3])).shape, [4, 3]);
});

Deno.test("products of integers are f32", () => {
  assertEquals(matmul(ones([2, 3], { dtype: "i32" }), ones([3, 2], { dtype: "bool" })).dtype, "f32");
});

Deno.test("matrices that do not fit are refused with their shapes", () => {
  assertThrows(
    () => matmul(ones([32, 10]), ones([12, 4])),
    TypeError,
    "Cannot multiply [32, 10] by [12, 4]: inner axes must match, got 10 and 12",
  );
  assertThrows(() => matmul(ones([]), ones([2])), TypeError, "expected at least one axis; use mul for scalars");
  assertThrows(
    () => matmul(ones([2, 3, 4]), ones([3, 4, 5])),
    TypeError,
    "Cannot multiply the leading axes of [2] and [3]",
  );
});

testOnEveryDevice("whole numbers are multiplied as singles, and exactly by mul and sum", async () => {
  const [a, b] = [tensor(Int32Array.of(2, 1)), tensor(Int32Array.of(2 ** 24 + 1, 1))];
  const product = matmul(a, b);
  assertEquals([product.dtype, await product.item()], ["f32", 2 ** 25]);
  const exact = a.mul(b).sum();
  assertEquals([exact.dtype, await exact.item()], ["i32", 2 ** 25 + 3]);
});

Deno.test("with one matrix on the right, all rows of the left operand are those of one product", () => {
  const productIn = (left: Shape, right: Shape): string => {
    const product = jit((a: Tensor, b: Tensor) => matmul(a, b));
    product(ones(left), ones(right));
    return /dot\(.*\) : (?<type>\S+( \d+,?)*.*\])/.exec(explain(product, { stage: "graph" }))?.groups?.type ?? "";
  };
  assertEquals(productIn([5, 2, 3], [3, 4]), "f32[1, 10, 4]");
  assertEquals(productIn([2, 5, 2, 3], [3, 4]), "f32[1, 20, 4]");
  assertEquals(productIn([5, 2, 3], [5, 3, 4]), "f32[5, 2, 4]");
  assertEquals(productIn([5, 2, 3], [1, 3, 4]), "f32[5, 2, 4]");
});
