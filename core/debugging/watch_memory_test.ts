import { assertEquals } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ones, tensor } from "../creation.ts";
import { deviceStatistics } from "../device.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { watchMemory } from "./watch_memory.ts";

testOnEveryDevice("memory is listed by the names of functions and operations, largest first", () => {
  const before = tensor([1, 2]).add(1);
  using watch = watchMemory();
  assertEquals(watch.byOwner(), []);
  const x = tensor([1, 2, 3]);
  const norms = jit((x: Tensor) => [x.square(), x.abs(), x.sum()], { name: "norms" })(x);
  const [eager, none] = [x.exp(), tensor([])];
  const empty = none.mul(2);
  const slope = jit(grad((x: Tensor) => x.square().sum()), { name: "slope" })(before);
  const owned = watch.byOwner();
  assertEquals(owned.map(({ owner, bytes, buffers }) => [owner, bytes, buffers]).slice(0, 4), [
    ["norms", 28, 3],
    ["exp", 12, 1],
    ["tensor()", 12, 2],
    ["slope", 8, 1],
  ]);
  for (const one of [x, ...norms, eager, none, empty, slope]) one.dispose();
  assertEquals(watch.byOwner(), []);
});

testOnEveryDevice("donated memory belongs to the results, and temporaries to nobody", () => {
  using watch = watchMemory();
  const step = jit((state: Tensor, x: Tensor) => state.add(x.matmul(x).exp().sum().mul(x).sum()), {
    name: "step",
    donate: [0],
  });
  const x = ones([8, 8]).add(0);
  let state = ones([5]).add(0);
  for (let i = 0; i < 3; i++) state = step(state, x);
  const named = watch.byOwner().filter(({ owner }) => owner === "step");
  assertEquals(named, [{ owner: "step", bytes: 20, buffers: 1 }]);
  state.dispose();
  x.dispose();
});

testOnEveryDevice("nothing is noted after a watch, and watches do not disturb each other", () => {
  const live = deviceStatistics().liveBytes;
  const outer = watchMemory();
  const inner = watchMemory();
  const x = tensor([1, 2]).add(1);
  assertEquals(inner.byOwner().some(({ owner }) => owner === "add"), true);
  inner[Symbol.dispose]();
  assertEquals([inner.byOwner(), outer.byOwner().some(({ owner }) => owner === "add")], [[], true]);
  x.dispose();
  outer[Symbol.dispose]();
  assertEquals(outer.byOwner(), []);
  assertEquals(deviceStatistics().liveBytes >= live, true);
});
