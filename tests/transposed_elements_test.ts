import { assertEquals } from "@std/assert";
import { arange, tensor } from "../core/creation.ts";
import { grad } from "../core/gradients.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "./on_every_device.ts";

/** Sizes without elements, whole squares of four, one more or less than these and than a tile, and primes. */
const sizes = [[0, 5], [5, 0], [1, 1], [3, 8], [4, 4], [5, 7], [31, 65], [64, 64], [67, 129]];

/** Small whole numbers, whose sums and products are exact in any order. */
const values = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 7 + seed * 13 + (i >> 5)) % 23 - 11);

testOnEveryDevice(
  "a transposed and a plain matrix are added, at once and compiled, for each element type",
  async () => {
    for (const [rows, columns] of sizes) {
      const [a, b] = [values(rows * columns, 1), values(rows * columns, 2)];
      const expected = Array.from({ length: rows * columns }, (_, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        return a[j * rows + i] + b[at];
      });
      for (const dtype of ["f32", "i32", "u32"] as const) {
        const [x, y] = [tensor(Int32Array.from(a), [columns, rows]), tensor(Int32Array.from(b), [rows, columns])]
          .map((one) => one.cast(dtype));
        const sum = (x: Tensor, y: Tensor): Tensor => x.transpose().add(y);
        const array = { f32: Float32Array, i32: Int32Array, u32: Uint32Array }[dtype].from(expected);
        assertEquals(await sum(x, y).data(), array);
        assertEquals(await jit(sum)(x, y).data(), array);
      }
    }
  },
);

testOnEveryDevice("sums over products with transposed matrices have exact values and gradients", async () => {
  for (const [rows, columns] of sizes) {
    const [a, b] = [values(rows * columns, 3), values(rows * columns, 4)];
    const [x, y] = [tensor(Float32Array.from(a), [columns, rows]), tensor(Float32Array.from(b), [rows, columns])];
    const sums = (x: Tensor, y: Tensor): Tensor => x.transpose().mul(y).sum({ axis: 1 });
    const expected = Float32Array.from({ length: rows }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += a[j * rows + i] * b[i * columns + j];
      return sum;
    });
    assertEquals(await sums(x, y).data(), expected);
    assertEquals(await jit(sums)(x, y).data(), expected);
    const slope = jit(grad((x: Tensor) => sums(x, y).sum()));
    assertEquals(await slope(x).data(), await y.transpose().mul(1).data());
  }
});

testOnEveryDevice("axes of a batch are exchanged in every order, with operations before and after", async () => {
  const shape = [2, 9, 5, 6];
  const x = arange(2 * 9 * 5 * 6).reshape(shape);
  for (const axes of [[0, 2, 1, 3], [0, 2, 3, 1], [3, 2, 1, 0], [2, 0, 3, 1]]) {
    const moved = jit((x: Tensor) => x.add(1).transpose(axes).mul(2));
    const outer = axes.map((axis) => shape[axis]);
    const strides = [270, 30, 6, 1];
    const expected = Float32Array.from({ length: 540 }, (_, at) => {
      let [index, rest] = [0, at];
      for (let axis = 3; axis >= 0; axis--) {
        index += rest % outer[axis] * strides[axes[axis]];
        rest = Math.floor(rest / outer[axis]);
      }
      return 2 * (index + 1);
    });
    assertEquals(await moved(x).data(), expected);
  }
});
