import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  deviceInfo,
  deviceStatistics,
  explain,
  jit,
  oneHot,
  ones,
  profile,
  random,
  scan,
  showProfile,
  type Tensor,
  tensor,
} from "../core/mod.ts";
import { testOnEveryDevice } from "./on_every_device.ts";

const layer = (x: Tensor, w: Tensor) => x.matmul(w).tanh().sum({ axis: 1 }).exp();

testOnEveryDevice("a profile has each kernel with its time, work and rates, the slowest first", async (kind) => {
  using fn = jit(layer, { name: "layer" });
  const [x, w] = [random.normal(random.key(1), [200, 300]), random.normal(random.key(2), [300, 100])];
  const found = await profile(fn, { rounds: 4 }, x, w);
  assertEquals([found.name, found.device, found.rounds], ["layer", deviceInfo().name, 4]);
  assertEquals(found.clock, deviceInfo().software || kind === "wasm" ? "host" : "device");
  const plan = explain(fn);
  for (const { name, loops } of found.kernels) assert(plan.includes(name) && plan.includes(loops), plan);
  assertEquals(found.kernels.map(({ kind }) => kind).toSorted(), ["product", "reduction"]);
  const times = found.kernels.map(({ milliseconds }) => milliseconds);
  assertEquals(times, times.toSorted((a, b) => b - a));
  const product = found.kernels.find(({ kind }) => kind === "product")!;
  assert(product.operations >= 2 * 200 * 300 * 100 && product.milliseconds > 0);
  const rate = product.operations / product.milliseconds / 1e6;
  assert(Math.abs(product.gigaflops - rate) < 1e-6 * rate);
  assertEquals(product.limit, "arithmetic");
  assert(Math.abs(product.share - rate / found.peaks.gigaflops) < 1e-6);
  assertEquals(found.operations, found.kernels.reduce((sum, { operations }) => sum + operations, 0));
  assertEquals(JSON.parse(JSON.stringify(found)), found);
});

testOnEveryDevice("the times of the kernels add up to about that of the step", async () => {
  using fn = jit((x: Tensor) => x.matmul(x).tanh().matmul(x).sum({ axis: 0 }).exp());
  const found = await profile(fn, { rounds: 9 }, random.normal(random.key(1), [384, 384]));
  const { milliseconds, kernelMilliseconds, outsideMilliseconds } = found;
  assert(kernelMilliseconds > 0.4 * milliseconds, showProfile(found));
  assert(kernelMilliseconds < 2.5 * milliseconds, showProfile(found));
  assertEquals(outsideMilliseconds, Math.max(0, milliseconds - kernelMilliseconds));
});

testOnEveryDevice("a kernel in a loop counts all of its runs", async () => {
  using fn = jit((x: Tensor) => {
    const body = (carry: Tensor, row: Tensor): [Tensor, null] => [carry.add(row).tanh(), null];
    return scan(body, x.sum({ axis: 0 }), x)[0];
  });
  const { kernels } = await profile(fn, { rounds: 2 }, ones([30, 8]));
  const inLoop = kernels.filter(({ runs }) => runs > 1);
  assertEquals(inLoop.map(({ name, runs, operations }) => [name, runs, operations]), [["tanh", 30, 30 * 16]]);
  assertEquals(kernels.map(({ number }) => number).toSorted(), kernels.map((_, i) => i + 1));
});

testOnEveryDevice("arguments stay usable, donated ones too, and nothing remains in memory", async () => {
  using fn = jit((state: Tensor, x: Tensor) => state.add(x), { donate: [0] });
  const [state, x] = [tensor([1, 2]).add(0), tensor([3, 4])];
  await profile(fn, { rounds: 2 }, state, x);
  const before = deviceStatistics();
  await profile(fn, { rounds: 2 }, state, x);
  const after = deviceStatistics();
  assertEquals([after.liveBytes, after.buffers, after.programs], [before.liveBytes, before.buffers, before.programs]);
  assertEquals(await fn(state, x).toArray(), [4, 6]);
});

testOnEveryDevice("without arguments the last version runs on numbers of its own", async () => {
  using fn = jit((table: Tensor, classes: Tensor) => table.mul(oneHot(classes, 3)).sum());
  await assertRejects(() => profile(fn), TypeError, "never called");
  fn(ones([2, 3]), tensor(Int32Array.of(0, 2)));
  const { kernels, milliseconds } = await profile(fn, { rounds: 1 });
  assert(kernels.length > 0 && milliseconds > 0);
});

testOnEveryDevice("explain with profile is the profile as text", async () => {
  using fn = jit(layer, { name: "layer" });
  const text = await explain(fn, { profile: true }, ones([20, 30]), ones([30, 10]));
  assertStringIncludes(text, `layer on ${deviceInfo().name}: `);
  for (const word of ["GFLOP/s", "GB/s", "of the peak", "ms outside of them", "peaks: "]) {
    assertStringIncludes(text, word);
  }
});
