import fc from "fast-check";
import { gather, oneHot, scatterAdd } from "../core/functions/selection.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "./on_every_device.ts";
import { assertDevice, assertPlan, gradientOf, weighted } from "./oracle.ts";
import { type Instruction, randomGraphWith } from "./random_graphs.ts";

/** The first or the last index below `size`, for the first elements of a tensor; no device knows them beforehand. */
function places(exact: Tensor, size: number): Tensor {
  return exact.reshape([-1]).slice([0], [4]).greater(0).cast("i32").mul(size - 1);
}

const rowsFirst = (x: Tensor): Tensor => x.shape.length === 0 ? x.reshape([1]) : x;

/** Instructions by indices that are checked, and within their tables. */
const looking: Readonly<Record<string, Instruction>> = {
  look: ({ x, exact }) => gather(rowsFirst(x), places(exact, rowsFirst(x).shape[0])),
  lookBehind: ({ x, exact }) => {
    const columns = rowsFirst(x);
    // Numbers from 1 that are in memory: beyond their ends they are 0, and the index is −1.
    const numbers = places(exact, columns.shape.at(-1)!).add(1).expandDims(-1);
    return gather(columns, numbers.broadcastTo([numbers.shape[0], 2]).max({ axis: -1 }).sub(1), -1);
  },
  encode: ({ exact, n }) => oneHot(places(exact, 2 + n % 3), 2 + n % 3),
  addTo: ({ x, exact }) => {
    const base = rowsFirst(x);
    const rows = places(exact, base.shape[0]);
    const updates = base.sum({ axis: 0, keepDims: true }).broadcastTo([rows.shape[0], ...base.shape.slice(1)]);
    return scatterAdd(base, rows, updates.mul(0.1));
  },
};

const graphs = randomGraphWith(looking);
const seed = 20261130;

Deno.test("checks of indices change no plan, and find nothing in it that is not there", async () => {
  await fc.assert(
    fc.asyncProperty(graphs, fc.constantFrom(5, 8, Infinity), async ({ fn, inputs }, maxSlots) => {
      await assertPlan(fn, inputs, "a random graph", { maxSlots, tolerance: 1e-8 });
    }),
    { seed, numRuns: 150 },
  );
});

testOnEveryDevice("indices within their tables are never reported, whatever is computed from them", async (kind) => {
  await fc.assert(
    fc.asyncProperty(graphs, fc.boolean(), async ({ fn, inputs }, eager) => {
      await assertDevice(fn, inputs, "a random graph", { eager, tolerance: 5e-4 });
    }),
    { seed, numRuns: kind === "wasm" ? 150 : 40 },
  );
  await fc.assert(
    fc.asyncProperty(graphs, async ({ fn, inputs }) => {
      await assertDevice(gradientOf(weighted(fn)), inputs, "the gradient of a random graph", { tolerance: 1e-2 });
    }),
    { seed, numRuns: kind === "wasm" ? 60 : 20 },
  );
});
