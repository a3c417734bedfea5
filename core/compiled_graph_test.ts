import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { graphOf } from "../tests/oracle.ts";
import { openReference } from "../tests/reference_backend.ts";
import type { Backend, Executable } from "./backend.ts";
import { CompiledGraph } from "./compiled_graph.ts";
import { tensor } from "./creation.ts";
import type { Graph } from "./graph/node.ts";
import { freeKept } from "./programs/kept_programs.ts";
import { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

const types = [0, 1].map(() => ({ shape: [3], dtype: "f32" } as const));
const host = (...values: number[]): Storage => Storage.fromHost("f32", Float32Array.from(values));
const valuesOf = async (storages: readonly Storage[]): Promise<number[][]> =>
  await Promise.all(storages.map(async (one) => [...await one.read()]));

/** A graph with a temporary, a constant result and two computed ones. */
const several = (): Graph =>
  graphOf((x, y) => {
    const total = x.add(y).sum();
    return [x.mul(total), y.sub(total.exp().sum())];
  }, types);

Deno.test("after a run, only arguments and results are in memory", async () => {
  const backend = openReference("wasm");
  const compiled = new CompiledGraph(several(), backend, { name: "several" });
  const inputs = [host(1, 2, 3), host(0, 0, -6)];
  const results = compiled.run(inputs);
  assertEquals(backend.statistics.buffers, 4);
  assertEquals(await valuesOf(results), [[0, 0, 0], [-1, -1, -7]]);
  results.forEach((one) => one.dispose());
  assertEquals(backend.statistics.buffers, 2);
  compiled.run(inputs);
  assertEquals([backend.statistics.buffers, backend.statistics.programs], [4, 1]);
  assertEquals(compiled.graph.results.length, 2);
});

/** The device, except that programs fail. */
function failing(backend: Backend): Backend {
  const { load } = backend;
  backend.load = (program): Executable => ({
    ...load.call(backend, program),
    run: () => {
      throw new Error("broken");
    },
  });
  return backend;
}

Deno.test("a run that fails leaves nothing but its arguments in memory", () => {
  const backend = failing(openReference("wasm"));
  const compiled = new CompiledGraph(several(), backend, { name: "several" });
  assertThrows(() => compiled.run([host(1, 2, 3), host(0, 0, 0)]), Error, "broken");
  assertEquals(backend.statistics.buffers, 2);
});

Deno.test("a result takes over the memory of a donated argument, which cannot be used afterwards", async () => {
  const backend = openReference("wasm");
  const graph = graphOf((x, y) => [x.add(y)], types);
  const compiled = new CompiledGraph(graph, backend, { name: "sum", donated: new Set([0]) });
  const [x, y] = [host(1, 2, 3), host(4, 5, 6)];
  const results = compiled.run([x, y]);
  assertEquals([backend.statistics.buffers, backend.statistics.allocations], [2, 2]);
  assertEquals(await valuesOf(results), [[5, 7, 9]]);
  await assertRejects(() => x.read(), Error, "it was donated to a compiled function");
  assertEquals(await valuesOf([y]), [[4, 5, 6]]);
});

Deno.test("the memory of donated arguments that no result takes over is returned, and a result may be an argument", async () => {
  const backend = openReference("wasm");
  const graph = graphOf((x, y) => [y, x.sum()], types);
  const compiled = new CompiledGraph(graph, backend, { name: "passed", donated: new Set([0, 1]) });
  const results = compiled.run([host(1, 2, 3), host(4, 5, 6)]);
  assertEquals(backend.statistics.buffers, 2);
  assertEquals(await valuesOf(results), [[4, 5, 6], [6]]);
  results.forEach((one) => one.dispose());
  assertEquals(backend.statistics.buffers, 0);
});

Deno.test("arguments that something else needs are not overwritten", async () => {
  const held = tensor([10, 20, 30]);
  const graph = graphOf((x, y) => [x.add(y).add(held)], types);
  const shared = (held.node.attributes as { storage: Storage }).storage;
  const cases: [string, (x: Storage) => Storage[]][] = [
    ["given twice", (x) => [x, x]],
    ["shown by a view", (x) => {
      x.show();
      return [x, host(1, 1, 1)];
    }],
    ["awaited", (x) => {
      x.keep();
      return [x, host(1, 1, 1)];
    }],
    ["held by the graph", () => [shared, host(1, 1, 1)]],
  ];
  for (const [why, inputsFor] of cases) {
    const backend = openReference("wasm");
    const compiled = new CompiledGraph(graph, backend, { name: "sum", donated: new Set([0]) });
    const inputs = inputsFor(host(1, 2, 3));
    const before = await valuesOf(inputs);
    const expected = before[0].map((value, i) => value + before[1][i] + 10 * (i + 1));
    for (let turn = 0; turn < 2; turn++) {
      assertEquals(await valuesOf(compiled.run(inputs)), [expected], why);
      assertEquals(await valuesOf(inputs), before, why);
    }
    compiled.dispose();
    freeKept(backend);
    assertEquals(backend.statistics.programs, 0, why);
  }
});

Deno.test("two donated arguments that are one tensor are not overwritten", async () => {
  const backend = openReference("wasm");
  const graph = graphOf((x, y) => [x.add(y), x.sub(y)], types);
  const compiled = new CompiledGraph(graph, backend, { name: "both", donated: new Set([0, 1]) });
  const x = host(1, 2, 3);
  assertEquals(await valuesOf(compiled.run([x, x])), [[2, 4, 6], [0, 0, 0]]);
  assertEquals(await valuesOf([x]), [[1, 2, 3]]);
});

Deno.test("tensors that the graph holds may be passed to each run", async () => {
  const backend = openReference("wasm");
  const [first, second] = [tensor([1, 2, 3]), tensor([10, 20, 30])];
  const graph = graphOf((x: Tensor) => [x.mul(first).add(second)], types.slice(1));
  const compiled = new CompiledGraph(graph, backend, { name: "held", passesHeld: true });
  const run = (...held: Storage[]) => valuesOf(compiled.run([host(1, 1, 1)], held));
  assertEquals(await run(host(2, 2, 2), host(5, 6, 7)), [[7, 8, 9]]);
  assertEquals(await run(host(0, 1, 0), host(5, 6, 7)), [[5, 7, 7]]);
});

Deno.test("a program is kept until it is freed, and shared by equal graphs", () => {
  const backend = openReference("wasm");
  const compiled = [0, 1].map(() => new CompiledGraph(several(), backend, { name: "several" }));
  assertEquals(backend.statistics.programs, 1);
  compiled[0].dispose();
  compiled[0].dispose();
  freeKept(backend);
  assertEquals(backend.statistics.programs, 1);
  compiled[1].run([host(1, 2, 3), host(0, 0, -6)]);
  compiled[1].dispose();
  assertEquals(backend.statistics.programs, 1);
  freeKept(backend);
  assertEquals(backend.statistics.programs, 0);
  // Other names, types or donations are other programs.
  new CompiledGraph(several(), backend, { name: "several" });
  new CompiledGraph(several(), backend, { name: "other" });
  new CompiledGraph(several(), backend, { name: "several", donated: new Set([1]) });
  assertEquals(backend.statistics.programs, 3);
});
