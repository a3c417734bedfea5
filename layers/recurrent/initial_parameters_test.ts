import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { inputLayer } from "../input.ts";
import { gru } from "./gru.ts";
import { lstm } from "./lstm.ts";
import { rnn } from "./rnn.ts";

const UNITS = 24;
const sequences = inputLayer({ shape: [null, 3, 5] });

/** The range of a uniform distribution, or the one value, of each bias. */
const biases: readonly (readonly [make: typeof lstm | typeof gru | typeof rnn, Record<string, [number, number]>])[] = [
  [rnn, { b: [0, 1] }],
  [gru, { b_r: [-0.5, 0.5], b_z: [-0.5, 0.5], b_h: [0, 0] }],
  [lstm, { b_i: [-0.5, 0.5], b_f: [0, 1], b_c: [0, 0], b_o: [-0.5, 0.5] }],
];

/** Products of all pairs of rows or columns, whichever are fewer: 1 with themselves and 0 with each other. */
async function assertOrthogonal(matrix: Tensor, message: string): Promise<void> {
  const [rows, columns] = matrix.shape;
  const wide = rows <= columns ? matrix : matrix.transpose();
  const products = await wide.matmul(wide.transpose()).data();
  const size = Math.min(rows, columns);
  products.forEach((product, i) =>
    assertAlmostEquals(product, Number(i % size === Math.floor(i / size)), 1e-4, message)
  );
}

// Random numbers are the same on every device.
Deno.test("biases of recurrent layers begin uniformly in their ranges, those of gates apart", async () => {
  for (const [make, ranges] of biases) {
    const { params } = make(sequences, { nUnits: UNITS }).init(key(1));
    assertEquals(Object.keys(params).filter((name) => name.startsWith("b")).sort(), Object.keys(ranges).sort());
    for (const [name, [low, high]] of Object.entries(ranges)) {
      const values = [...await params[name].data()];
      const [least, most] = [Math.min(...values), Math.max(...values)];
      assert(low <= least && most <= high, `${make.name} ${name}: ${least} to ${most}`);
      // The outermost of 24 values are near the bounds.
      assertAlmostEquals(least, low, (high - low) / 6 + 1e-9, `${make.name} ${name}`);
      assertAlmostEquals(most, high, (high - low) / 6 + 1e-9, `${make.name} ${name}`);
      const mean = values.reduce((a, b) => a + b, 0) / UNITS;
      assertAlmostEquals(mean, (low + high) / 2, (high - low) / 6 + 1e-9, `${make.name} ${name}`);
    }
  }
});

Deno.test("matrices of recurrent layers begin orthogonal, and all differ", async () => {
  for (const [make] of biases) {
    const { params } = make(sequences, { nUnits: 7 }).init(key(2));
    const seen = new Set<string>();
    for (const [name, matrix] of Object.entries(params)) {
      if (matrix.shape.length !== 2) continue;
      await assertOrthogonal(matrix, `${make.name} ${name}`);
      seen.add(String(await matrix.data()));
    }
    assertEquals(seen.size, Object.values(params).filter(({ shape }) => shape.length === 2).length);
  }
});
