import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import { explain } from "../core/explain.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { grad } from "../core/gradients.ts";
import { softmax } from "../core/functions/activations.ts";
import { logSoftmax } from "../core/functions/reduction.ts";
import { oneHot } from "../core/functions/selection.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import * as from from "./objectives_from_logits.ts";
import { categoricalCrossentropyError, type Objective } from "./objectives.ts";

testOnEveryDevice("Cross-entropy from logits has the value of softmax and cross-entropy", async () => {
  const logits = tensor([[1, -2, 0.5], [3, 3, 3], [-7, 8, 0]]);
  const target = tensor([2, 0, 1], [3], { dtype: "i32" });
  const [fused, plain] = [
    await from.categoricalCrossentropyFromLogits(logits, target).data(),
    await categoricalCrossentropyError(softmax(logits), target).data(),
  ];
  plain.forEach((value, i) => assertAlmostEquals(fused[i], value, 1e-6 * Math.max(1, value)));
});

testOnEveryDevice("Cross-entropy from logits has its gradient where the softmax underflows", async () => {
  const logits = tensor([[0, 500]]);
  const slope = grad((x: Tensor) => from.categoricalCrossentropyFromLogits(x, tensor([0])).sum())(logits);
  assertEquals(await slope.toArray(), [[-1, 1]]);
  const binary = grad((x: Tensor) => from.binaryCrossentropyFromLogits(x, tensor([[1, 1]])).sum())(
    tensor([[-500, 500]]),
  );
  assertEquals(await binary.toArray(), [[-0.5, 0]]);
});

Deno.test("Label smoothing spreads its share over all classes", async () => {
  const even = tensor([[0, 0, 0, 0]]);
  const smoothed = from.categoricalCrossentropyFromLogits(even, tensor([1]), { labelSmoothing: 0.2 });
  assertAlmostEquals(await smoothed.item(), Math.log(4), 1e-6);
  const sure = from.categoricalCrossentropyFromLogits(tensor([[100, 0]]), tensor([0]), { labelSmoothing: 0.2 });
  assertAlmostEquals(await sure.item(), 10, 1e-4);
});

testOnEveryDevice("A masked logit of another class costs nothing and has the gradient 0", async () => {
  const logits = tensor([[0, -Infinity, 0], [-Infinity, 5, -Infinity]]);
  for (const target of [tensor([0, 1]), tensor([[1, 0, 0], [0, 1, 0]])]) {
    const cost = from.categoricalCrossentropyFromLogits(logits, target);
    const [first, second] = await cost.data();
    assertAlmostEquals(first, Math.log(2), 1e-6);
    assertEquals(second, 0);
    const slope = await grad((x: Tensor) => from.categoricalCrossentropyFromLogits(x, target).sum())(logits).toArray();
    assertEquals(slope, [[-0.5, 0, 0.5], [0, 0, 0]]);
  }
  const impossible = from.categoricalCrossentropyFromLogits(tensor([[0, -Infinity]]), tensor([[0.5, 0.5]]));
  assertEquals(await impossible.item(), Infinity);
  const binary = (x: Tensor) => from.binaryCrossentropyFromLogits(x, tensor([[0, 1]]));
  const masked = tensor([[-Infinity, 100]]);
  assertEquals(await binary(masked).item(), 0);
  assertEquals(await grad((x: Tensor) => binary(x).sum())(masked).toArray(), [[0, 0]]);
});

testOnEveryDevice("Infinite logits of a binary objective cost nothing or infinitely much", async () => {
  const logits = tensor([[Infinity], [-Infinity], [Infinity], [-Infinity], [1e4], [NaN]]);
  const target = tensor([[1], [0], [0], [1], [1], [1]]);
  const objective = (x: Tensor) => from.binaryCrossentropyFromLogits(x, target);
  assertEquals(await objective(logits).toArray(), [0, 0, Infinity, Infinity, 0, NaN]);
  const slope = await grad((x: Tensor) => objective(x).sum())(logits).data();
  assertEquals([...slope].map((value) => value + 0), [0, 0, 1, -1, 0, NaN]);
});

testOnEveryDevice("Targets of the class to ignore cost nothing, even if their logits are NaN", async () => {
  const logits = tensor([[[0, 0], [NaN, NaN]], [[NaN, -Infinity], [0, 200]]]);
  const target = tensor([[1, -1], [-1, 0]], [2, 2], { dtype: "i32" });
  const objective = (x: Tensor) => from.categoricalCrossentropyFromLogits(x, target, { ignoreIndex: -1 });
  const [first, ...others] = await objective(logits).data();
  assertAlmostEquals(first, Math.log(2), 1e-6);
  assertEquals(others, [0, 0, 200]);
  const slope = await grad((x: Tensor) => objective(x).sum())(logits).toArray();
  assertEquals(slope, [[[0.5, -0.5], [0, 0]], [[0, 0], [-1, 1]]]);
  assertThrows(
    () => from.categoricalCrossentropyFromLogits(zeros([2, 3]), zeros([2, 3]), { ignoreIndex: 0 }),
    TypeError,
    "expected class numbers of [2], got rows of [2, 3]",
  );
  assertThrows(
    () => from.categoricalCrossentropyFromLogits(zeros([2, 3]), zeros([3])),
    TypeError,
    "of predictions [2, 3] and targets [3]: expected class numbers of [2], or rows of [2, 3]",
  );
});

testOnEveryDevice("Selecting the class and ignoring others cost no kernel", () => {
  const kernels = (objective: Objective): number => {
    const step = jit((x: Tensor, t: Tensor) => grad((x: Tensor) => objective(x, t).mean())(x));
    step(zeros([8, 5]), zeros([8]).cast("i32"));
    return Number(/(\d+) dispatches/.exec(explain(step))?.[1]);
  };
  const asProduct = kernels((x, t) => oneHot(t, 5).mul(logSoftmax(x)).sum({ axis: -1 }).neg());
  const ignoring = kernels((x, t) => from.categoricalCrossentropyFromLogits(x, t, { ignoreIndex: 255 }));
  assert(kernels(from.categoricalCrossentropyFromLogits) <= asProduct);
  assert(ignoring <= asProduct);
});

Deno.test("Numbers that are no classes are refused with ignoreIndex, too", async () => {
  const cost = (target: Tensor) => from.categoricalCrossentropyFromLogits(zeros([2, 3]), target, { ignoreIndex: -1 });
  for (const none of [0.5, NaN, Infinity, 3, -2, -1.5, -0.5]) {
    const target = tensor([-1, none]);
    await assertRejects(async () => await cost(target).data(), RangeError, "compare with class");
    await assertRejects(async () => await jit(cost)(target).data(), RangeError, "compare with class");
  }
  assertAlmostEquals(await cost(tensor([-1, 2])).sum().item(), Math.log(3), 1e-6);
});
