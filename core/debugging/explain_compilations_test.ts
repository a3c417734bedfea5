import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { deviceKinds, testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ones, tensor } from "../creation.ts";
import { setDevice } from "../device.ts";
import { explain } from "../explain.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import type { Tree } from "../tree.ts";
import { explainCompilations } from "./explain_compilations.ts";

/** A compiled function that takes anything. */
const first = () => jit((...args: Tree[]) => args.length);

testOnEveryDevice("shapes, element types and constants that differ are named with their paths", () => {
  const f = first();
  f(ones([2, 3]), { rate: 0.1, layers: [{ W: ones([3]) }] });
  f(ones([2, 3]), { rate: 0.1, layers: [{ W: ones([3]) }] });
  f(ones([1, 3]), { rate: 0.1, layers: [{ W: ones([3]) }] });
  f(ones([1, 3]), { rate: 0.1, layers: [{ W: ones([3], { dtype: "i32" }) }] });
  f(ones([1, 3]), { rate: -0, layers: [{ W: ones([3]) }] });
  assertEquals(explainCompilations(f), [
    "1: the first call",
    "2: argument 0 is f32[1, 3], not f32[2, 3]",
    "3: argument 1.layers[0].W is i32[3], not f32[3]",
    "4: argument 1.rate is -0, not 0.1; a number that changes should be passed as a tensor",
  ]);
});

testOnEveryDevice("parts that are new or absent, texts and flags are named", () => {
  const f = first();
  f(tensor(1), 'a;"b]', true);
  f(tensor(1), 'a;"c]', true);
  f(tensor(1), 'a;"c]', false, tensor([1, 2]));
  f(tensor(1), 'a;"c]');
  assertEquals(explainCompilations(f).slice(1), [
    '2: argument 1 is "a;\\"c]", not "a;\\"b]"',
    "3: argument 2 is false, not true, argument 3 is f32[2], not absent",
    "4: argument 2 is absent, not true",
  ]);
});

testOnEveryDevice("the nearest version is compared, and long lists of differences are shortened", () => {
  const f = first();
  const args = (extent: number, n: number) => Array.from({ length: 6 }, (_, i) => ones([i < n ? extent : 1]));
  f(...args(2, 6));
  f(...args(3, 6));
  f(...args(2, 5));
  assertEquals(explainCompilations(f).slice(1), [
    "2: argument 0 is f32[3], not f32[2], argument 1 is f32[3], not f32[2], argument 2 is f32[3], not f32[2], " +
    "3 other parts differ",
    "3: argument 5 is f32[1], not f32[2]",
  ]);
  const changed = (count: number): string => {
    const g = first();
    g(...args(2, 6));
    g(...args(3, 6).map((one, i) => i < count ? one : ones([2])));
    return explainCompilations(g)[1];
  };
  assertEquals(changed(3).split(", argument").length, 3);
  assertEquals(changed(3).includes("differ"), false);
  assertEquals(changed(4).endsWith(", 1 other parts differ"), true);
});

testOnEveryDevice("a version that was freed is compiled again for that reason", () => {
  const f = jit((x: Tensor) => x.mul(2), { versions: 1 });
  for (const extent of [1, 2, 1]) f(ones([extent]));
  f[Symbol.dispose]();
  f(ones([1]));
  const freed = "the version for such arguments had been freed";
  assertEquals(explainCompilations(f), [
    "1: the first call",
    "2: argument 0 is f32[2], not f32[1]",
    `3: ${freed}`,
    `4: ${freed}`,
  ]);
});

Deno.test({
  name: "another device is a reason",
  ignore: deviceKinds.length < 2,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const f = jit((x: Tensor) => x.mul(2));
    for (const kind of deviceKinds) {
      await setDevice(kind);
      f(ones([2]));
    }
    assertMatch(explainCompilations(f)[1], /^2: the device is .+, not .+$/);
  },
});

Deno.test("compilations for an explanation count, and functions that jit did not make are refused", () => {
  const f = jit((x: Tensor) => x.mul(2));
  assertEquals(explainCompilations(f), []);
  explain(f, {}, ones([2]));
  assertEquals(explainCompilations(f), ["1: the first call"]);
  assertThrows(() => explainCompilations(() => 1), TypeError, "expected a function made by jit");
});

Deno.test("the last 100 compilations are remembered", () => {
  const f = first();
  for (let i = 0; i < 103; i++) f(i);
  const reasons = explainCompilations(f);
  assertEquals([reasons.length, reasons[0]], [100, "4: the versions before are not remembered"]);
  assertEquals(reasons[1], "5: argument 0 is 4, not 3; a number that changes should be passed as a tensor");
});
