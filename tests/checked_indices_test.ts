import fc from "fast-check";
import { gather, oneHot, scatterAdd } from "../core/functions/selection.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "./on_every_device.ts";
import { ProgramArbitrary } from "./proof/programs/arbitrary.ts";
import { believed, checkCompiled, checkEager, checkPlan } from "./proof/programs/check.ts";
import { expect } from "./proof/programs/expected.ts";
import { gradientGraph, lossOf } from "./proof/programs/gradients.ts";
import type { Recipe } from "./proof/programs/recipes/recipe.ts";
import type { Draft } from "./proof/programs/draft.ts";

/** The first or the last index below `size`, for the first elements of a tensor; no device knows them beforehand. */
function places(exact: Tensor, size: number): Tensor {
  return exact.reshape([-1]).slice([0], [4]).greater(0).cast("i32").mul(size - 1);
}

const rowsOf = (d: Draft): Tensor => d.withElements(d.withAxis(d.float()));

/** Recipes with indices that are checked, and within their tables. */
const looking: Readonly<Record<string, Recipe>> = {
  look: (d) => {
    const x = rowsOf(d);
    return gather(x, places(d.exact(), x.shape[0]));
  },
  lookBehind: (d) => {
    const columns = rowsOf(d);
    // Numbers from 1 that are in memory: beyond their ends they are 0, and the index is −1.
    const numbers = places(d.exact(), columns.shape.at(-1)!).add(1).expandDims(-1);
    return gather(columns, numbers.broadcastTo([numbers.shape[0], 2]).max({ axis: -1 }).sub(1), -1);
  },
  encode: (d) => {
    const size = 2 + d.choose.below(3);
    return oneHot(places(d.exact(), size), size);
  },
  addTo: (d) => {
    const base = rowsOf(d);
    const rows = places(d.exact(), base.shape[0]);
    const updates = base.sum({ axis: 0, keepDims: true }).broadcastTo([rows.shape[0], ...base.shape.slice(1)]);
    return scatterAdd(base, rows, updates.mul(0.25));
  },
};

const programs = new ProgramArbitrary({ more: looking, depth: 10 });
const seed = 20261130;

Deno.test("checks of indices change no plan, and find nothing in it that is not there", async () => {
  await fc.assert(
    fc.asyncProperty(programs, fc.constantFrom(5, 8, Infinity), async ({ graph, inputs }, maxSlots) => {
      await believed((options) => checkPlan(graph, inputs, { expected: expect(graph, inputs, options), maxSlots }));
    }),
    { seed, numRuns: 150 },
  );
});

testOnEveryDevice("indices within their tables are never reported, whatever is computed from them", async (kind) => {
  await fc.assert(
    fc.asyncProperty(programs, fc.boolean(), async (program, eager) => {
      await believed(async (options) => {
        const expected = expect(program.graph, program.inputs, options);
        await (eager ? checkEager(program, expected, kind) : checkCompiled(program, expected, { kind }));
      });
    }),
    { seed, numRuns: kind === "wasm" ? 150 : 40 },
  );
  await fc.assert(
    fc.asyncProperty(programs, async ({ graph, inputs }) => {
      const loss = lossOf(graph, inputs);
      if (!loss) return;
      const gradient = gradientGraph(loss, inputs);
      await believed((options) =>
        checkCompiled({ graph: gradient, inputs }, expect(gradient, inputs, options), { kind })
      );
    }),
    { seed, numRuns: kind === "wasm" ? 60 : 20 },
  );
});
