import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Primitive } from "../../../core/graph/attributes.ts";
import { showGraph } from "../../../core/graph/node.ts";
import { root } from "../../documentation/pages.ts";
import { deviceKinds } from "../../on_every_device.ts";
import { graphOf, numbers } from "../../oracle.ts";
import { primitivesIn, ProgramArbitrary, programFrom } from "./arbitrary.ts";
import { checkPlan, Fault } from "./check.ts";
import { cornersFrom } from "./corners.ts";
import { evaluate } from "./evaluate.ts";
import { deviationOf, expect } from "./expected.ts";
import { checkSlopes, gradientGraph, lossOf } from "./gradients.ts";
import { printCall, printProgram } from "./print.ts";
import { computingNodes, type Program } from "./program.ts";
import { recipes } from "./recipes/recipes.ts";
import { programs } from "./suite.ts";
import { tiledFrom } from "./tiled.ts";

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
    // The others are about tiles, whose code is not measured.
    assert(section.includes("| wasm | 60 |"), section);
  },
});

Deno.test("programs about tiles have all kinds of products and reductions, and are the same for the same seed", () => {
  const programs = Array.from({ length: 80 }, (_, i) => tiledFrom(seed + i));
  const found = new Set(programs.flatMap((program) => [...primitivesIn(program)]));
  for (const name of ["dot", "conv", "sum", "prod", "maxOf", "minOf", "argmax", "argmin", "flip", "slice", "pad"]) {
    assert([...found].some((one) => one === name), `no program has ${name}`);
  }
  assertEquals(showGraph(tiledFrom(seed).graph), showGraph(programs[0].graph));
});

Deno.test("programs at bounds are the same for the same seed, and their plans compute what they say", async () => {
  const corners = cornersFrom(seed);
  assertEquals(new Set(corners.map(({ name }) => name)).size, corners.length);
  for (const [i, { name, program: { graph, inputs } }] of cornersFrom(seed).entries()) {
    assertEquals(showGraph(graph), showGraph(corners[i].program.graph), name);
    assertEquals(inputs, corners[i].program.inputs, name);
    await checkPlan(graph, inputs, { expected: expect(graph, inputs, { thorough: true }) });
  }
});

Deno.test("the plan of any program computes the same, however few buffers a kernel may use", async () => {
  await fc.assert(
    fc.asyncProperty(new ProgramArbitrary(), fc.constantFrom(5, 8, 512), async ({ graph, inputs }, maxSlots) => {
      await checkPlan(graph, inputs, { expected: expect(graph, inputs, { thorough: true }), maxSlots });
    }),
    { seed, numRuns: 150 },
  );
});

Deno.test("a counterexample is made as small as it can be", async () => {
  const { counterexample } = await fc.check(
    fc.property(new ProgramArbitrary(), (program) => !primitivesIn(program).has("erf")),
    { seed, numRuns: 200 },
  );
  const [program] = counterexample!;
  // An unused result of a loop can be no smaller than the loop around it.
  assert(computingNodes(program.graph).length <= 2, printProgram(program));
});

/** Runs a printed program as a module. */
async function repeated(program: Program): Promise<Program> {
  const text = `
    import { graphOf, tensorOf } from "${root}tests/oracle.ts";
    import { given } from "${root}tests/proof/programs/found.ts";
    import { makeNode } from "${root}core/graph/ops.ts";
    import { numberedCheck } from "${root}core/nest/numbered_checks.ts";
    import { Tensor } from "${root}core/tensor.ts";
    const program = (fn, inputs) => ({ graph: graphOf(fn, inputs), inputs });
    export default program(${printCall(program)});`;
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/program.js`, text);
    return (await import(`file://${folder}/program.js`)).default;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a printed program repeats the program", async () => {
  for (let i = 0; i < 20; i++) {
    const program = programFrom(seed + i);
    const { graph, inputs } = await repeated(program);
    assertEquals(showGraph(graph).split("\n").length, showGraph(program.graph).split("\n").length);
    assertEquals(evaluate(graph, inputs), evaluate(program.graph, program.inputs));
  }
});

Deno.test("values, positions and gradients that are a little wrong are found", () => {
  const inputs = [numbers([3, 4])];
  const graph = graphOf((x) => [x.exp().sum({ axis: 0 }), x.argmax({ axis: 0 })], inputs);
  const [sums, places] = expect(graph, inputs);
  assertEquals(deviationOf(Float32Array.from(sums.values), sums), undefined);
  assert(deviationOf(sums.values.map((value) => value * (1 + 1e-4)), sums)?.startsWith("element 0: expected"));
  assert(deviationOf(places.values.map((value) => value + 1), places));
  const loss = lossOf(graph, inputs)!;
  const [gradient] = evaluate(gradientGraph(loss, inputs), inputs);
  assertEquals(checkSlopes(loss, [gradient], { inputs, order: "first" }), "equal");
  const wrong = { ...gradient, values: gradient.values.map((value) => value * (1 + 1e-3)) };
  assertThrows(() => checkSlopes(loss, [wrong], { inputs, order: "first" }), Fault, "first gradient: the slope is");
});

Deno.test("elements that a rounding error may change to anything are left open, others are not", () => {
  const inputs = [numbers([50])];
  const steps = graphOf((x) => [x.sin().sub(x.sin().neg()).sub(x.sin().mul(2)).less(1e-9), x.sin().less(9)], inputs);
  const [open, certain] = expect(steps, inputs);
  assert(open.tolerances.some(Number.isNaN));
  assertEquals(new Set(certain.tolerances), new Set([0]));
});
