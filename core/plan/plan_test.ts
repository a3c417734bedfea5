import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { tensor } from "../creation.ts";
import { simplify } from "../graph/simplify/simplify.ts";
import type { NestStep, ProgramStep } from "../nest/program.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { type Argument, assertPlan, type Computation, numbers, planOf as planOfGraph } from "../../tests/oracle.ts";
import { ProgramArbitrary } from "../../tests/proof/programs/arbitrary.ts";
import type { Plan } from "./plan.ts";

const [x, y] = [numbers([4, 4]), numbers([4, 4], { seed: 2 })];

/** The plan of a function, after a check that it computes what the function does. */
const planOf = (fn: Computation, inputs: readonly Argument[], donated: readonly number[] = []): Promise<Plan> =>
  assertPlan(fn, inputs, "planned", { donated });

/** The places of the results, without the numbers of buffers. */
const sourcesOf = ({ results }: Plan): (string | number)[] =>
  results.map((source) => source.kind === "buffer" ? "buffer" : `${source.kind} ${source.parameter}`);

function nestSteps(steps: readonly ProgramStep[]): NestStep[] {
  return steps.flatMap((step) => step.kind === "loop" ? nestSteps(step.steps) : [step]);
}

Deno.test("each argument and each result has its own buffer, and intermediate values have temporary ones", async () => {
  const { program, parameters, results, temporaries, captured } = await planOf(
    (x, y) => [x.sum({ axis: 0 }).matmul(y).tanh(), x.neg()],
    [x, y],
  );
  assertEquals(parameters, [0, 1]);
  assertEquals(results.map(({ kind }) => kind), ["buffer", "buffer"]);
  assertEquals(captured, []);
  assertEquals(temporaries.map((buffer) => program.buffers[buffer].bytes), [16]);
  const own = [...parameters, ...temporaries, ...results.flatMap((one) => one.kind === "buffer" ? [one.buffer] : [])];
  assertEquals(own.toSorted(), program.buffers.map((_, i) => i));
});

Deno.test("a tensor from outside is captured once, however often it is read", async () => {
  const [a, b] = [tensor([1, 2, 3, 4]), tensor([5, 6, 7, 8])];
  const { captured, program } = await planOf((x) => [x.add(a).sum(), x.mul(a), x.sub(b).max()], [x]);
  assertEquals(captured.map(({ storage }) => storage.elements), [4, 4]);
  assertEquals(new Set(captured.map(({ storage }) => storage)).size, 2);
  const written = nestSteps(program.steps).flatMap(({ nest, buffers }) =>
    buffers.filter((_, slot) => nest.slots[slot].access !== "read")
  );
  assert(captured.every(({ buffer }) => !written.includes(buffer)));
});

Deno.test("a result that is an argument or a constant is a copy", async () => {
  const held = tensor([1, 2]);
  const { results, captured } = await planOf((x) => [x, held.add(0), held], [x]);
  assertEquals(results.map(({ kind }) => kind), ["buffer", "buffer", "buffer"]);
  assert(results.every((source) => source.kind === "buffer" && source.buffer !== captured[0].buffer));
});

Deno.test("a node that is a result twice is in memory twice", async () => {
  const { results } = await planOf((x) => {
    const y = x.tanh();
    return [y, y, x.neg(), y];
  }, [x]);
  const buffers = results.map((source) => source.kind === "buffer" ? source.buffer : -1);
  assertEquals(new Set(buffers).size, 4);
});

Deno.test("a result takes over the memory of a donated argument that its kernel reads last", async () => {
  assertEquals(sourcesOf(await planOf((x, y) => x.mul(2).add(y), [x, y], [0])), ["overwritten 0"]);
  assertEquals(sourcesOf(await planOf((x, y) => x.mul(2).add(y), [x, y], [1])), ["overwritten 1"]);
  assertEquals(sourcesOf(await planOf((x, y) => x.mul(2).add(y), [x, y])), ["buffer"]);
});

Deno.test("an argument that a later kernel reads, or the same one elsewhere, keeps its memory", async () => {
  const later: Computation = (x) => [x.neg(), x.neg().sum({ axis: 0 }).matmul(x)];
  assertEquals(sourcesOf(await planOf(later, [x], [0])), ["buffer", "buffer"]);
  assertEquals(sourcesOf(await planOf((x) => x.add(x.transpose()), [x], [0])), ["buffer"]);
  assertEquals(sourcesOf(await planOf((x) => x.flip(1), [x], [0])), ["buffer"]);
});

Deno.test("memory of another size or element type is not taken over", async () => {
  const whole = numbers([4, 4], { dtype: "i32" });
  assertEquals(sourcesOf(await planOf((x) => x.sum({ axis: 0 }), [x], [0])), ["buffer"]);
  assertEquals(sourcesOf(await planOf((x) => x.slice([0], [2]).mul(2), [numbers([4])], [0])), ["buffer"]);
  assertEquals(sourcesOf(await planOf((x) => x.cast("f32").mul(0.5), [whole], [0])), ["buffer"]);
  assertEquals(sourcesOf(await planOf((x) => x.reshape([16]).mul(2), [x], [0])), ["overwritten 0"]);
});

Deno.test("each donated argument goes to one result", async () => {
  const plan = await planOf((x) => [x.mul(2), x.add(1)], [x], [0]);
  assertEquals(sourcesOf(plan).toSorted(), ["buffer", "overwritten 0"]);
  const two: Computation = (x, y) => [x.add(y), x.sub(y)];
  assertEquals(sourcesOf(await planOf(two, [x, y], [0, 1])).toSorted(), ["overwritten 0", "overwritten 1"]);
});

Deno.test("values between kernels take no argument's memory", async () => {
  const fn: Computation = (x) => x.tanh().matmul(x.tanh()).tanh();
  assertEquals((await planOf(fn, [x], [0])).temporaries.length, 1);
});

Deno.test("a donated argument is passed through unchanged, once", async () => {
  assertEquals(sourcesOf(await planOf((x) => [x, x.mul(2)], [x], [0])), ["handed 0", "buffer"]);
  assertEquals(sourcesOf(await planOf((x) => [x, x], [x], [0])), ["handed 0", "buffer"]);
  assertEquals(sourcesOf(await planOf((x, y) => [y, x], [x, y], [0, 1])), ["handed 1", "handed 0"]);
});

Deno.test("nothing is done for empty tensors", async () => {
  const { program } = await planOf((x) => x.mul(2).add(1), [numbers([3, 0])]);
  assertEquals(program.steps, []);
});

Deno.test("a scan is one loop, of as many steps as its body takes", async () => {
  const running = (c: Tensor, x: Tensor): [Tensor, null] => [c.add(x), null];
  const { program } = await planOf((x, start) => scan(running, start, x)[0], [x, numbers([4])]);
  const loops = program.steps.filter((step) => step.kind === "loop");
  assertEquals(loops.map(({ counter, steps }) => [counter.extent, steps.length]), [[4, 1]]);
  const none = await planOf((x, start) => scan(running, start, x)[0], [numbers([0, 4]), numbers([4])]);
  assertEquals(none.program.steps.filter((step) => step.kind === "loop"), []);
});

/** What must hold of every plan. */
function assertSound(
  { program, parameters, captured, results, temporaries }: Plan,
  donated: ReadonlySet<number>,
): void {
  const kept = results.flatMap((source) => source.kind === "buffer" ? [source.buffer] : []);
  const taken = results.flatMap((source) => source.kind === "buffer" ? [] : [source.parameter]);
  const all = [...parameters, ...captured.map(({ buffer }) => buffer), ...kept, ...temporaries];
  assertEquals(new Set(all).size, all.length, "nothing shares a buffer with a value that outlives the program");
  assertEquals(new Set(taken).size, taken.length, "no argument goes to two results");
  assert(taken.every((parameter) => donated.has(parameter)), "only donated arguments are taken");
  const untouched = new Set([
    ...captured.map(({ buffer }) => buffer),
    ...parameters.filter((_, i) => !donated.has(i)),
    ...results.flatMap((source) => source.kind === "handed" ? [parameters[source.parameter]] : []),
  ]);
  for (const { nest, buffers } of nestSteps(program.steps)) {
    assertEquals(new Set(buffers).size, buffers.length, "each buffer is one slot of a nest");
    nest.slots.forEach(({ access, elements }, slot) => {
      assert(access === "read" || !untouched.has(buffers[slot]), `${nest.name} writes what it may not`);
      assert(elements * 4 <= program.buffers[buffers[slot]].bytes, `${nest.name} needs ${elements} elements`);
    });
  }
}

Deno.test("no plan writes to memory that must stay unchanged", () => {
  fc.assert(
    fc.property(new ProgramArbitrary(), fc.nat(15), ({ graph, inputs }, mask) => {
      const donated = new Set(inputs.keys().filter((i) => mask >> i & 1));
      assertSound(planOfGraph(simplify(graph), { name: "random", maxSlots: 8, donated }), donated);
    }),
    { seed: 4, numRuns: 150 },
  );
});
