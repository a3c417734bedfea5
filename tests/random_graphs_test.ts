import fc from "fast-check";
import { testOnEveryDevice } from "./on_every_device.ts";
import { assertDevice, assertGradient, assertPlan, gradientOf, weighted } from "./oracle.ts";
import { randomEmptyGraph, randomGraph } from "./random_graphs.ts";

const seed = 20241116;

Deno.test("the plan of any graph computes the same as the graph, however few buffers a kernel may use", async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, fc.constantFrom(5, 8, Infinity), async ({ fn, inputs }, maxSlots) => {
      await assertPlan(fn, inputs, "a random graph", { maxSlots, tolerance: 1e-8 });
    }),
    { seed, numRuns: 300 },
  );
});

Deno.test("the plan of the gradient of any graph computes the same as the gradient", async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ fn, inputs }) => {
      await assertPlan(gradientOf(weighted(fn)), inputs, "the gradient of a random graph", { tolerance: 1e-6 });
    }),
    { seed, numRuns: 100 },
  );
});

Deno.test("donated memory changes no result", async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ fn, inputs }) => {
      await assertPlan(fn, inputs, "a random graph", { donated: inputs.map((_, i) => i), tolerance: 1e-8 });
    }),
    { seed, numRuns: 100 },
  );
});

testOnEveryDevice("any graph is computed, compiled or not", async (kind) => {
  await fc.assert(
    fc.asyncProperty(randomGraph, fc.boolean(), async ({ fn, inputs }, eager) => {
      await assertDevice(fn, inputs, "a random graph", { eager, tolerance: 5e-4 });
    }),
    { seed, numRuns: kind === "wasm" ? 150 : 30 },
  );
});

testOnEveryDevice("the gradient of any graph is computed", async (kind) => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ fn, inputs }) => {
      await assertDevice(gradientOf(weighted(fn)), inputs, "the gradient of a random graph", { tolerance: 1e-2 });
    }),
    { seed, numRuns: kind === "wasm" ? 50 : 15 },
  );
});

Deno.test("the gradient of any graph is the slope of the interpreter", async () => {
  await fc.assert(
    fc.asyncProperty(randomGraph, async ({ fn, inputs }) => {
      await assertGradient(fn, inputs, "a random graph", { tolerance: 1e-3 });
    }),
    { seed, numRuns: 100 },
  );
});

testOnEveryDevice("any graph with tensors without elements is computed, and so is its gradient", async (kind) => {
  await fc.assert(
    fc.asyncProperty(randomEmptyGraph, fc.boolean(), async ({ fn, inputs }, eager) => {
      await assertDevice(fn, inputs, "a random graph", { eager, tolerance: 5e-4 });
      await assertDevice(gradientOf(weighted(fn)), inputs, "the gradient of a random graph", { tolerance: 1e-2 });
    }),
    { seed, numRuns: kind === "wasm" ? 80 : 10 },
  );
});
