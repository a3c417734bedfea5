import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { arange, full, ones, tensor, zeros } from "./creation.ts";
import { currentBackend, deviceStatistics } from "./device.ts";
import { jit, trace, versionOf } from "./jit.ts";
import { clipGradient } from "./functions/clip_gradient.ts";
import { concatenate } from "./functions/movement.ts";
import { freeKept } from "./programs/kept_programs.ts";
import type { Tensor } from "./tensor.ts";
import { scan } from "./scan.ts";
import { flattenTree } from "./tree.ts";

type Pair = [Tensor, Tensor];

testOnEveryDevice("results may be arguments, constants, views, and each other", async () => {
  const held = tensor([7, 8]);
  const f = jit((x: Tensor) => {
    const y = x.mul(2);
    return [x, held, x.reshape([1, 2]), y, y, x.flip(), full([2], 3), zeros([0])];
  });
  for (let call = 0; call < 2; call++) {
    const results = await Promise.all(f(tensor([1, 2])).map((y) => y.toArray()));
    assertEquals(results, [[1, 2], [7, 8], [[1, 2]], [2, 4], [2, 4], [2, 1], [3, 3], []]);
  }
});

testOnEveryDevice("a compiled function is compiled once for each form of its arguments", async () => {
  let traces = 0;
  const f = jit((x: Tensor, factor: number) => {
    traces++;
    return x.mul(factor);
  });
  for (const factor of [2, 2, 3, 2]) await f(tensor([1, 2]), factor).data();
  await f(tensor([1, 2, 3]), 2).data();
  await f(arange(2, undefined, 1, { dtype: "i32" }), 2).data();
  assertEquals(traces, 4);
});

testOnEveryDevice("constants of a tree are distinguished, whatever they are", async () => {
  const f = jit((names: readonly string[], x: Tensor) => x.mul(names.length));
  assertEquals(await f(["a;string b"], tensor([1])).item(), 1);
  assertEquals(await f(["a", "b"], tensor([1])).item(), 2);
});

testOnEveryDevice("0 and −0 are two constants, compiled or not", async () => {
  const divide = (x: Tensor, c: number): [Tensor, Tensor] => [x.fullLike(c).mul(1), x.div(c)];
  for (const f of [jit(divide), divide]) {
    for (const zero of [0, -0, 0]) {
      const [constant, quotient] = f(tensor([1, -2]), zero);
      assertEquals([...await constant.data()], [zero, zero]);
      if (Object.is(zero, -0)) assertEquals([...await quotient.data()], [-Infinity, Infinity]);
    }
  }
});

testOnEveryDevice("donated memory is reused, and its tensor cannot be used any more", async () => {
  const step = jit((state: Tensor, x: Tensor) => state.mul(0.5).add(x), { donate: [0] });
  const x = tensor(new Float32Array(1000).fill(1));
  let state = step(zeros([1000]).add(2), x);
  const before = deviceStatistics();
  const old = state;
  for (let i = 0; i < 2000; i++) state = step(state, x);
  const after = deviceStatistics();
  assertEquals(after.liveBytes, before.liveBytes);
  assertEquals(after.allocations, before.allocations);
  await assertRejects(() => old.data(), TypeError, "Cannot use this tensor: it was donated");
  assertThrows(() => step(old, x), TypeError, "it was donated");
  assertEquals((await state.data())[0], 2);
});

/** Operations that compute nothing: they return views. */
const views: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  stopGradient: (x) => x.stopGradient(),
  cast: (x) => x.cast("f32"),
  pow: (x) => x.pow(1),
  reshape: (x) => x.reshape([2, 2]),
  transpose: (x) => x.transpose(),
  slice: (x) => x.slice([1], [3]),
  flip: (x) => x.flip(),
  concatenate: (x) => concatenate([x]),
  clipGradient: (x) => clipGradient(x, 1),
};

testOnEveryDevice("views of a donated argument keep their elements, made before the call or in it", async () => {
  const twice = jit((x: Tensor) => x.mul(2), { donate: [0] });
  for (const [name, view] of Object.entries(views)) {
    const expected = await view(tensor([1, 2, 3, 4])).toArray();
    const [given, free] = [1, 2].map(() => arange(4).add(1));
    const kept = view(given);
    assertEquals(await twice(given).toArray(), [2, 4, 6, 8], name);
    assertEquals([await kept.toArray(), await given.toArray()], [expected, [1, 2, 3, 4]], name);
    view(free).dispose();
    assertEquals(await twice(free).toArray(), [2, 4, 6, 8], name);
    await assertRejects(() => free.data(), TypeError, "it was donated", name);
    const inside = jit((x: Tensor) => [view(x), x.mul(2)], { donate: [0] });
    const results = await Promise.all(inside(arange(4).add(1)).map((result) => result.toArray()));
    assertEquals(results, [expected, [2, 4, 6, 8]], name);
  }
});

testOnEveryDevice("donation changes no result, even if results read each other's memory", async () => {
  const functions: readonly ((a: Tensor, b: Tensor) => readonly Tensor[])[] = [
    (a, b) => [a.add(b), a.mul(b)],
    (a, b) => [b.add(1), a.add(1)],
    (a, b) => [a.transpose().add(b), b.flip().mul(a)],
    (a, b) => [a.sub(a.mean({ axis: 1, keepDims: true })), b.sub(a.sum())],
    (a, b) => [a, b.add(a)],
    (a, b) => [b.matmul(a), a.matmul(b)],
  ];
  const fresh = (): Pair => [arange(9).reshape([3, 3]).add(1), arange(9).reshape([3, 3]).mul(0.5)];
  for (const f of functions) {
    const expected = await Promise.all(jit(f)(...fresh()).map((y) => y.toArray()));
    const donated = await Promise.all(jit(f, { donate: [0, 1] })(...fresh()).map((y) => y.toArray()));
    assertEquals(donated, expected);
  }
});

testOnEveryDevice("state may be passed through, exchanged, shared, or a view", async () => {
  const steps: readonly [step: (s: Tensor[]) => Tensor[], expected: number[]][] = [
    [([a, b]) => [a, a.add(b)], [1, 4]],
    [([a, b]) => [b, a.add(1)], [2, 3]],
    [([a, b]) => [a.add(b), a.add(b)], [8, 8]],
    [([a, b]) => [a.add(b), b], [4, 1]],
  ];
  for (const [step, expected] of steps) {
    const compiled = jit(step, { donate: [0] });
    let state = [tensor([[1]]).reshape([1]), tensor([1])];
    for (let i = 0; i < 3; i++) state = compiled(state);
    assertEquals([await state[0].item(), await state[1].item()], expected);
  }
});

testOnEveryDevice("a tensor that is read through two arguments is not overwritten", async () => {
  const f = jit((a: Tensor, b: Tensor) => [a.add(b.flip()), b.mul(2)], { donate: [0] });
  const x = tensor([1, 2, 3]);
  assertEquals(await f(x, x)[0].toArray(), [4, 4, 4]);
  const closed = jit((a: Tensor) => a.add(x.flip()), { donate: [0] });
  assertEquals(await closed(x).toArray(), [4, 4, 4]);
  assertEquals(await closed(tensor([1, 1, 1])).toArray(), [4, 3, 2]);
  assertEquals(await x.toArray(), [1, 2, 3]);
});

Deno.test("a traced tensor cannot be read, and the message says what to do", async () => {
  let leaked: Tensor | undefined;
  jit((x: Tensor) => {
    leaked = x.mul(2);
    return x;
  })(tensor([1]));
  await assertRejects(() => leaked!.data(), TypeError, "return it from the function");
});

testOnEveryDevice("a disposed function has freed what was compiled, and compiles again if it is called", async () => {
  const inUse = (): number => deviceStatistics().programs - deviceStatistics().keptPrograms;
  const before = inUse();
  const double = jit((x: Tensor) => x.mul(2).sin());
  for (const length of [1, 2, 3]) double(ones([length]));
  assertEquals(inUse(), before + 3);
  double[Symbol.dispose]();
  assertEquals(inUse(), before);
  assertThrows(() => versionOf(double), TypeError, "or was disposed");
  {
    using again = double;
    assertAlmostEquals(await again(tensor(1)).item(), Math.sin(2), 1e-6);
    assertEquals(inUse(), before + 1);
  }
  assertEquals(inUse(), before);
});

Deno.test("an async function is refused with the cure", () => {
  const read = jit(async (x: Tensor) => await x.sum().item());
  assertThrows(() => read(tensor([1, 2])), TypeError, "it is async; return tensors, and read them outside");
});

testOnEveryDevice("compiled functions inside of a compiled function become part of it", async () => {
  const double = jit((x: Tensor) => x.mul(2), { name: "double" });
  const both = jit((x: Tensor) => double(x).add(double(x.neg())).add(1), { name: "both" });
  assertEquals(await both(tensor([3, 4])).toArray(), [1, 1]);
  assertEquals(versionOf(both).compiled.executable.dispatches, 1);
  assertThrows(() => versionOf(double), TypeError, "that was never called");
});

testOnEveryDevice("a compiled function may use tensors of the trace around it that were not passed to it", async () => {
  const outer = jit((x: Tensor) => {
    const inner = jit((y: Tensor) => y.mul(x));
    return inner(tensor([2, 3])).add(inner(x));
  });
  assertEquals(await outer(tensor([5, 7])).toArray(), [35, 70]);
});

testOnEveryDevice("arguments and results are trees, with constants passed through", async () => {
  const f = jit(({ a, n }: { a: Tensor; n: number }, [b]: readonly Tensor[]) => ({
    sum: a.add(b),
    parts: [a.mul(n), "text", null],
    n,
  }));
  const { sum, parts: [product, ...constants], n } = f({ a: tensor([1, 2]), n: 3 }, [tensor([10, 20])]);
  assertEquals(await sum.toArray(), [11, 22]);
  assertEquals(await (product as Tensor).toArray(), [3, 6]);
  assertEquals([constants, n], [["text", null], 3]);
});

testOnEveryDevice("all leaves of a donated argument are donated, and no others", async () => {
  const f = jit((a: Tensor, state: Tensor[], b: Tensor) => state.map((s) => s.add(a).sub(b)), { donate: [1] });
  const [a, s, t, b] = [1, 2, 3, 4].map((value) => tensor([value]).add(0));
  assertEquals(await Promise.all(f(a, [s, t], b).map((one) => one.item())), [-1, 0]);
  assertEquals([await a.item(), await b.item()], [1, 4]);
  for (const gone of [s, t]) await assertRejects(() => gone.data(), TypeError, "it was donated");
});

Deno.test("a trace is the graph of a function, without the parts that are known", () => {
  const held = tensor([1, 2]);
  const { graph, result } = trace((x: Tensor) => ({ y: x.add(held), z: held.mul(2) }), flattenTree([zeros([2])]));
  assertEquals(graph.parameters.map(({ shape, dtype }) => [shape, dtype]), [[[2], "f32"]]);
  assertEquals(graph.results.map(({ op, traced }) => [op, traced]), [["add", true], ["mul", false]]);
  assertEquals(result.rebuild(["first", "second"]), { y: "first", z: "second" });
});

testOnEveryDevice("a version is that of the given arguments, otherwise the last that was compiled", () => {
  const f = jit((x: Tensor) => x.mul(2), { name: "twice" });
  assertThrows(() => versionOf(f), TypeError, "call it first, or pass arguments");
  const small = versionOf(f, ones([2]));
  assertEquals(small.compiled.plan.program.name, "twice");
  f(ones([3]));
  assertEquals(versionOf(f).compiled.graph.parameters[0].shape, [3]);
  assert(versionOf(f, ones([2])) === small);
});

Deno.test("only compiled functions have versions", () => {
  const plain = (x: Tensor): Tensor => x;
  assertThrows(() => versionOf(plain), TypeError, "Cannot inspect plain: expected a function made by jit");
  assertThrows(() => versionOf(() => 1), TypeError, "Cannot inspect this function");
});

testOnEveryDevice("a function has its own name by default", () => {
  const named = jit(function scaled(x: Tensor) {
    return x.mul(2);
  });
  assertEquals(versionOf(named, ones([2])).compiled.plan.program.name, "scaled");
  assertEquals(versionOf(jit((x: Tensor) => x.mul(2)), ones([2])).compiled.plan.program.name, "jit");
});

Deno.test("an error of the function is passed on, and nothing of its trace is kept", async () => {
  let fails = true;
  const f = jit((x: Tensor) => {
    if (fails) throw new RangeError("not yet");
    return x.add(1);
  });
  assertThrows(() => f(ones([2])), RangeError, "not yet");
  fails = false;
  assertEquals(await f(ones([2])).toArray(), [2, 2]);
});

testOnEveryDevice("at most `versions` versions are kept, those that were used last", async () => {
  freeKept(currentBackend());
  const before = deviceStatistics();
  let traces = 0;
  const f = jit((x: Tensor, n: number) => {
    traces++;
    return x.mul(n + 0.5).sin();
  }, { versions: 3 });
  const call = async (n: number) => assertEquals(await f(tensor([0]), n).item(), 0);
  for (const n of [1, 2, 3, 1, 4]) await call(n);
  assertEquals(traces, 4);
  freeKept(currentBackend());
  assertEquals(deviceStatistics().programs - before.programs, 3);
  await call(1);
  assertEquals(traces, 4);
  await call(2);
  assertEquals(traces, 5);
});

testOnEveryDevice("functions with equal graphs share one program, whatever tensors they close over", async () => {
  freeKept(currentBackend());
  const before = deviceStatistics();
  const functions = [2, 3, 5].map((factor) => {
    const held = tensor([factor, 1]);
    const step = (carry: Tensor, x: Tensor): [Tensor, Tensor] => [carry.add(x), x.mul(held)];
    return jit((x: Tensor) => [x.mul(held).exp().log(), scan(step, zeros([]), x)[1]], { name: "shared" });
  });
  for (const [i, f] of functions.entries()) {
    const [product, stacked] = f(tensor([1, 0.5]));
    const factor = [2, 3, 5][i];
    assertAlmostEquals((await product.data())[1], 0.5, 1e-5);
    assertEquals(await stacked.toArray(), [[factor, 1], [factor / 2, 0.5]]);
  }
  assertEquals(deviceStatistics().programs - before.programs, 1);
});

testOnEveryDevice("functions with equal graphs overwrite only memory that they do not share", async () => {
  const held = tensor([1, 2]);
  const make = (other: Tensor) => jit((x: Tensor) => x.mul(3).add(other), { donate: [0], name: "donating" });
  assertEquals(await make(tensor([5, 5]))(tensor([1, 2])).toArray(), [8, 11]);
  assertEquals(await make(held)(held).toArray(), [4, 8]);
  assertEquals(await held.toArray(), [1, 2]);
});

testOnEveryDevice("positions of donated arguments beyond those of a call are refused", async () => {
  const sum = jit((x: Tensor, y?: Tensor) => y ? x.add(y) : x.add(1), { donate: [0, 1], name: "sum" });
  const message = "Cannot donate argument 1 of sum: it was called with 1 argument, whose positions count from 0";
  const x = ones([2]).add(1);
  assertThrows(() => sum(x), RangeError, message);
  assertThrows(() => versionOf(sum, x), RangeError, message);
  assertThrows(() => jit((x: Tensor) => sum(x))(x), RangeError, message);
  assertEquals(await sum(x, ones([2])).toArray(), [3, 3]);
});
