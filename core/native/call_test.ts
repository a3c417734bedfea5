import { assert, assertEquals } from "@std/assert";
import { startHelper } from "../wasm/run/worker_hosts.ts";
import { nativeMultiply } from "./call.ts";
import { nativeKernels } from "./native.ts";
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

testNative("a call leaves the registers of its caller as they were", () => {
  // Without vzeroupper or a preserved register, this sum or the program would be wrong.
  const found = nativeKernels();
  assert("address" in found);
  const [{ set }] = sets;
  const memory = trialMemory();
  const multiply = multiplyOf(set, memory);
  const trial = new PanelTrial(set, memory, { rows: 1, columns: 1, depth: 1 });
  trial.prepare({ rowCount: 1, columnCount: 1, depth: 1, adds: false });
  let [a, b, c, d] = [0, 1, 0.5, 0];
  for (let i = 0; i < 200_000; i++) {
    multiply(trial.at);
    a += i & 7;
    b = Math.imul(b, 3) + 1 | 0;
    c = c * 0.5 + 0.25;
    d += Math.sqrt(i);
  }
  let [e, f, g] = [1, 0, 0];
  for (let i = 0; i < 200_000; i++) {
    f += i & 7;
    e = Math.imul(e, 3) + 1 | 0;
    g += Math.sqrt(i);
  }
  assertEquals([a, b, c, d], [f, e, 0.5, g]);
});
