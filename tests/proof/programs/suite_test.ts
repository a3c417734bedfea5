import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Primitive } from "../../../core/graph/attributes.ts";
import { graphOf, numbers } from "../../oracle.ts";
import { deviceKinds } from "../../on_every_device.ts";
import { primitivesIn, ProgramArbitrary, programFrom } from "./arbitrary.ts";
import { checkPlan } from "./check.ts";
import { expect } from "./expected.ts";
import { assertHolds } from "./hold.ts";
import { printProgram } from "./print.ts";
import { computingNodes } from "./program.ts";
import { recipes } from "./recipes/recipes.ts";
import { programs } from "./suite.ts";

const seed = 20261130;

Deno.test("each recipe uses its primitive", () => {
  const missing = Object.entries(recipes).filter(([name, recipe]) =>
    !Array.from({ length: 60 }, (_, i) => programFrom(i, { more: { [name]: recipe }, depth: 6 })).some((program) =>
      primitivesIn(program).has(name as Primitive)
    )
  );
  assertEquals(missing.map(([name]) => name), []);
});

Deno.test({
  name: "everything holds for random programs",
  // Devices stay open.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const lines: string[] = [];
    const devices = deviceKinds.filter((kind) => kind === "wasm" || kind === "webgpu");
    const { faults, section } = await programs.run({ seed, count: 120, devices, log: (line) => lines.push(line) });
    assertEquals(faults, [], lines.join("\n"));
    assert(section.includes("| wasm | 120 |"), section);
  },
});

Deno.test("the plan of any program computes the same, however few buffers a kernel may use", async () => {
  await fc.assert(
    fc.asyncProperty(new ProgramArbitrary(), fc.constantFrom(5, 8, 512), async ({ graph, inputs }, maxSlots) => {
      await checkPlan(graph, inputs, { expected: expect(graph, inputs), maxSlots });
    }),
    { seed, numRuns: 200 },
  );
});

Deno.test("a counterexample is made as small as it can be", async () => {
  const { counterexample } = await fc.check(
    fc.property(new ProgramArbitrary(), (program) => !primitivesIn(program).has("erf")),
    { seed, numRuns: 200 },
  );
  const [program] = counterexample!;
  assertEquals(computingNodes(program.graph).length, 1, printProgram(program));
});

Deno.test("a printed program repeats the program", async () => {
  const text = printProgram(programFrom(3));
  assert(text.includes("assertHolds((a"), text);
  assert(text.includes("given("), text);
});
