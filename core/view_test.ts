import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deviceKinds, testOnEveryDevice } from "../tests/on_every_device.ts";
import { ones, tensor } from "./creation.ts";
import { deviceStatistics, setDevice } from "./device.ts";
import { clipGradient } from "./functions/clip_gradient.ts";
import { conv2d } from "./functions/convolution.ts";
import { concatenate, stack } from "./functions/movement.ts";
import { maxPool2d } from "./functions/pooling.ts";
import { oneHot } from "./functions/selection.ts";
import { key } from "./random/bits.ts";
import { uniform } from "./random/distributions.ts";
import { jit } from "./jit.ts";
import { checkpoint, stopGradient, valueAndGrad, vjp } from "./gradients.ts";
import { scan } from "./scan.ts";
import { linear } from "./functions/activations.ts";
import { logSoftmax, softmax } from "./functions/reduction.ts";
import type { Tensor } from "./tensor.ts";

const views: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  reshape: (x) => x.reshape([3, 2]),
  "reshape to the same shape": (x) => x.reshape([2, 3]),
  transpose: (x) => x.transpose(),
  "transpose to the same order": (x) => x.transpose([0, 1]),
  broadcastTo: (x) => x.broadcastTo([2, 2, 3]),
  "broadcastTo the same shape": (x) => x.broadcastTo([2, 3]),
  slice: (x) => x.slice([1]),
  "slice of everything": (x) => x.slice([0]),
  pad: (x) => x.pad([[0, 1], [1, 0]]),
  flip: (x) => x.flip(0),
  expandDims: (x) => x.expandDims(1),
  squeeze: (x) => x.slice([0], [1]).squeeze(),
  concatenate: (x) => concatenate([x, x]),
  "concatenate of one tensor": (x) => concatenate([x]),
  "concatenate of one tensor of another type": (x) => concatenate([x.cast("i32")]),
  stack: (x) => stack([x, x.flip()]),
  "stack of one tensor": (x) => stack([x]),
  "pad by nothing": (x) => x.pad([[0, 0], [0, 0]]),
  "flip along no axes": (x) => x.flip([]),
  "squeeze of nothing": (x) => x.squeeze([]),
  trunc: (x) => x.cast("i32").trunc(),
  stopGradientOfTree: (x) => stopGradient({ x }).x,
  "softmax of no elements": (x) => softmax(x.slice([0, 0], [2, 0])),
  "log softmax of no elements": (x) => logSoftmax(x.slice([0, 0], [2, 0])),
  "a compiled function that returns its argument": (x) => jit((x: Tensor) => x)(x),
  "a checkpoint that returns its argument": (x) => checkpoint((x: Tensor) => x)(x),
  "a scan of no steps": (x) => scan((x: Tensor): [Tensor, null] => [x, null], x, null, { length: 0 })[0],
  "the value beside a gradient": (x) => valueAndGrad((x: Tensor) => x)(x.slice([1, 1], [2, 2]).reshape([]))[0],
  "the result beside a pullback": (x) => vjp((x: Tensor) => x, x)[0],
  "activation linear": (x) => linear(x),
  stopGradient: (x) => x.stopGradient(),
  clipGradient: (x) => clipGradient(x, 1),
  "cast to the same type": (x) => x.cast("f32"),
  "bitcast to the same type": (x) => x.bitcast("f32"),
  "the first power": (x) => x.pow(1),
  "a sum along no axes": (x) => x.sum({ axis: [] }),
  "a maximum along no axes, which are kept": (x) => x.max({ axis: [], keepDims: true }),
  "views of views": (x) => x.transpose().reshape([6]).slice([1], [5]),
};

/** A tensor that only the device holds. */
const computed = (): Tensor => tensor([[1, 2, 3], [4, 5, 6]]).add(1);

for (const [name, view] of Object.entries(views)) {
  testOnEveryDevice(`a view outlives its tensor: ${name}`, async () => {
    const expected = await view(computed()).toArray();
    const made = (): Tensor => {
      using x = computed();
      return view(x);
    };
    const shown = made();
    assertEquals(await shown.add(0.5).sub(0.5).toArray(), expected);
    assertEquals(await jit((x: Tensor) => x.add(1).sub(1))(shown).toArray(), expected);
    assertEquals(await shown.toArray(), expected);
  });
}

testOnEveryDevice("views by any number of movements are right", async () => {
  const turned = (x: Tensor, times: number): Tensor => {
    let y = x;
    for (let i = 0; i < times; i++) y = y.flip().reshape([2, 3]).transpose().reshape([6]);
    return y;
  };
  const joined = (x: Tensor, times: number): Tensor => {
    let y = x;
    for (let i = 0; i < times; i++) y = concatenate([y.slice([1]), y.slice([0], [1])]);
    return y;
  };
  for (const times of [3, 26, 150]) {
    using x = computed();
    using row = x.reshape([6]);
    for (const [longView, period] of [[turned, 4], [joined, 6]] as const) {
      using y = longView(row, times);
      using same = longView(row, times % period);
      assertEquals(await y.toArray(), await same.toArray(), `${longView.name} ${times}`);
    }
  }
});

testOnEveryDevice("a disposed tensor cannot be used, whether views of it are left or not", async () => {
  for (const viewed of [true, false]) {
    const x = computed();
    const view = viewed ? x.transpose() : undefined;
    x.dispose();
    x.dispose();
    assertEquals(x.shape, [2, 3]);
    assertThrows(() => x.add(1), TypeError, "Cannot use this tensor: it was disposed");
    await assertRejects(() => x.data(), TypeError, "it was disposed");
    view?.dispose();
    if (view) assertThrows(() => view.add(1), TypeError, "it was disposed");
  }
});

testOnEveryDevice("memory is released with the last tensor that shows it", async () => {
  await computed().add(1).data();
  const { liveBytes } = deviceStatistics();
  const x = computed();
  const [once, again] = [x.reshape([6]), x.reshape([2, 3])];
  const before = deviceStatistics().liveBytes;
  assert(before > liveBytes);
  x.dispose();
  assertEquals(deviceStatistics().liveBytes, before);
  once.dispose();
  once.dispose();
  assertEquals(deviceStatistics().liveBytes, before);
  again.dispose();
  assert(deviceStatistics().liveBytes < before);
});

testOnEveryDevice("a view that was read holds its own elements", async () => {
  const x = computed();
  const view = x.transpose();
  await view.data();
  const before = deviceStatistics().liveBytes;
  x.dispose();
  assert(deviceStatistics().liveBytes < before);
  assertEquals(await view.toArray(), [[2, 5], [3, 6], [4, 7]]);
});

testOnEveryDevice("operations that move their operands keep no memory", async () => {
  const row = tensor([1, 2, 3]);
  const operations: readonly ((x: Tensor) => Tensor)[] = [
    (x) => x.add(row),
    (x) => x.greater(1).where(x, row),
    (x) => x.matmul(row),
    (x) => x.matmul(x.mul(1).reshape([3, 2])),
    (x) => oneHot(x, 9),
    (x) => x.sum({ axis: 0, keepDims: true }),
  ];
  for (const operation of operations) {
    const x = computed();
    const y = operation(x);
    const before = deviceStatistics().liveBytes;
    x.dispose();
    assert(deviceStatistics().liveBytes < before, String(operation));
    await y.data();
  }
  const pixels = ones([1, 1, 3, 3]);
  for (
    const operation of [(x: Tensor) => conv2d(x, x), (x: Tensor) => maxPool2d(x, { window: [2, 2], padding: "same" })]
  ) {
    const x = pixels.add(1);
    const y = operation(x);
    const before = deviceStatistics().liveBytes;
    x.dispose();
    assert(deviceStatistics().liveBytes < before, String(operation));
    await y.data();
  }
  const seed = key(1);
  await uniform(seed, [2]).data();
  const before = deviceStatistics().liveBytes;
  seed.dispose();
  assert(deviceStatistics().liveBytes < before);
});

testOnEveryDevice(
  "views of results are read on the device of these, also after another one was chosen",
  async (kind) => {
    const x = tensor([1, 2, 3]).mul(2);
    const others = deviceKinds.filter((other) => other !== kind);
    for (const other of others) {
      await setDevice(other);
      assertEquals(await x.slice([1]).toArray(), [4, 6]);
      assertEquals(await x.reshape([3, 1]).transpose().flip().toArray(), [[6, 4, 2]]);
      assertEquals(await x.slice([1], [2]).reshape([]).item(), 4);
      assertEquals(await concatenate([x, tensor([7])]).toArray(), [2, 4, 6, 7]);
      // Everything else is computed on the chosen device, which does not have the elements.
      assertThrows(() => x.add(1), TypeError, "Cannot use a tensor of device");
    }
    await setDevice(kind);
    assertEquals(await x.slice([1]).toArray(), [4, 6]);
  },
);
