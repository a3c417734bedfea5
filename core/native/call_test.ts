import { assertEquals } from "@std/assert";
import { startHelper } from "../wasm/run/worker_hosts.ts";
import { nativeMultiply } from "./call.ts";
import { addressOf, multiplyOf, PanelTrial, sets, testNative, testOnEverySet, trialMemory } from "./testing.ts";

const product = { rowCount: 21, columnCount: 50, depth: 30, adds: true };
const extents = { rows: 21, columns: 50, depth: 30 };

testOnEverySet("a thread computes with kernels that another thread made, from source text alone", async (set) => {
  const memory = trialMemory();
  const trial = new PanelTrial(set, memory, extents);
  trial.prepare(product);
  const done = new Int32Array(memory.buffer, 0, 1);
  const input = { memory, address: addressOf(set), at: trial.at };
  const helper = startHelper(
    (given: typeof input, multiply: typeof nativeMultiply) => {
      const words = new Int32Array(given.memory.buffer, 0, 1);
      try {
        multiply(given.address, given.memory)(given.at);
        Atomics.store(words, 0, 1);
      } catch {
        Atomics.store(words, 0, 2);
      }
    },
    input,
    [nativeMultiply],
  );
  const deadline = performance.now() + 20_000;
  while (Atomics.load(done, 0) === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  helper.terminate();
  assertEquals(done[0], 1);
  trial.check(product);
});

testNative("a shared memory that grows stays where it is", () => {
  const [{ set }] = sets;
  const memory = trialMemory();
  const multiply = multiplyOf(set, memory);
  const address = (): bigint =>
    Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(memory.buffer as ArrayBuffer)));
  const before = address();
  memory.grow(64);
  assertEquals(address(), before);
  const trial = new PanelTrial(set, memory, extents);
  trial.prepare(product);
  multiply(trial.at);
  trial.check(product);
});

testNative("several memories are used by turns", () => {
  const [{ set }] = sets;
  const address = addressOf(set);
  const all = [1, 2, 3].map(() => {
    const memory = trialMemory();
    return { trial: new PanelTrial(set, memory, extents), multiply: nativeMultiply(address, memory) };
  });
  for (const adds of [false, true]) {
    for (const { trial } of all) trial.prepare({ ...product, adds });
    for (const { trial, multiply } of all) multiply(trial.at);
    for (const { trial } of all) trial.check({ ...product, adds });
  }
});

testNative("addresses above two gigabytes are not taken for negative ones", () => {
  const [{ set }] = sets;
  const pages = 65_536;
  const memory = new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
  memory.grow(pages - 16);
  const trial = new PanelTrial(set, memory, { ...extents, offset: 3 * 2 ** 30 });
  trial.prepare(product);
  multiplyOf(set, memory)(trial.at);
  trial.check(product);
});

testNative("the memory is not collected as long as the function exists", async () => {
  const program = `
    import { nativeKernels } from ${JSON.stringify(import.meta.resolve("./native.ts"))};
    import { nativeMultiply } from ${JSON.stringify(import.meta.resolve("./call.ts"))};
    const { address } = nativeKernels();
    const make = () => nativeMultiply(address, new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }));
    const all = Array.from({ length: 20 }, make);
    for (let i = 0; i < 5; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const multiply of all) multiply(0);
    console.log("all exist");
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--v8-flags=--expose-gc", `data:text/javascript,${encodeURIComponent(program)}`],
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "all exist");
});
