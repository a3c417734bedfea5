import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ones, tensor } from "../../core/creation.ts";
import { setDevice } from "../../core/device.ts";
import { explain } from "../../core/explain.ts";
import { topological } from "../../core/graph/node.ts";
import { jit, trace, versionOf } from "../../core/jit.ts";
import { key } from "../../core/random/bits.ts";
import { normal } from "../../core/random/distributions.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkpoint, grad } from "../../core/gradients.ts";
import { flattenTree } from "../../core/tree.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { gru } from "./gru.ts";
import { inputLayer } from "../input.ts";
import type { Layer, Parameters } from "../layer.ts";
import { lstm } from "./lstm.ts";
import { rnn, rnnSequence } from "./rnn.ts";

const mode = { train: false, state: {} };

testOnEveryDevice("Gradients are clipped at each step on their way through time", async () => {
  const params = { W: tensor([[1]]), U: tensor([[2]]), b: tensor([0]) };
  const x = ones([1, 4, 1]);
  const slopes = (gradClipping: number) =>
    grad((x: Tensor) => rnnSequence(params, x, { activation: "linear", gradClipping }).sum())(x).toArray();
  assertEquals(await slopes(0), [[[8], [4], [2], [1]]]);
  assertEquals(await slopes(3), [[[3], [3], [2], [1]]]);
});

testOnEveryDevice("Steps after the end of a sequence change nothing", async () => {
  const sequences = inputLayer({ shape: [null, 6, 3] });
  const lengths = inputLayer({ shape: [null] });
  for (const make of [rnn, lstm, gru]) {
    const masked = make([sequences, lengths], { nUnits: 4 });
    const { params } = masked.init(key(1));
    const x = normal(key(2), [2, 6, 3]);
    const { output } = masked.apply(params, [x, tensor([4, 6])], mode);
    const short = make(inputLayer({ shape: [null, 4, 3] }), { nUnits: 4 });
    const expected = short.apply(params, x.slice([0, 0], [2, 4]), mode).output;
    const [actual, wanted] = [await output.data(), await expected.data()];
    for (let i = 0; i < 4; i++) assertAlmostEquals(actual[i], wanted[i], 1e-6);
  }
});

testOnEveryDevice("Padding after the end of a sequence may be NaN, in the values and in the gradients", async () => {
  const sequences = inputLayer({ shape: [null, 5, 3] });
  const lengths = inputLayer({ shape: [null] });
  const x = normal(key(2), [2, 5, 3]);
  const ends = tensor([2, 5]);
  const isPadding = x.indexAlong(0).equal(0).and(x.indexAlong(1).greaterEqual(2));
  for (const make of [rnn, lstm, gru]) {
    for (const lastOnly of [true, false]) {
      const masked = make([sequences, lengths], { nUnits: 4, lastOnly, goBackwards: !lastOnly });
      const { params } = masked.init(key(1));
      const cost = (params: Parameters, x: Tensor) => masked.apply(params, [x, ends], mode).output.square().sum();
      const of = async (padding: number): Promise<number[]> => {
        const padded = isPadding.where(padding, x);
        const slopes = [...Object.values(grad(cost)(params, padded)), grad((x: Tensor) => cost(params, x))(padded)];
        const values = await Promise.all([cost(params, padded), ...slopes].map((one) => one.data()));
        return values.flatMap((one) => [...one]);
      };
      const found = await of(NaN);
      assert(found.every(Number.isFinite));
      assertEquals(found, await of(0));
    }
  }
});

testOnEveryDevice("Lengths that no sequence can have are refused at the call or at the next read", async () => {
  const [W, b, x] = [ones([1, 1]), ones([1]), ones([3, 5, 1])];
  const over = (x: Tensor, lengths: Tensor) => rnnSequence({ W, U: W, b }, x, { lengths });
  const run = (lengths: Tensor) => over(x, lengths);
  const slope = (lengths: Tensor) => grad((x: Tensor) => over(x, lengths).sum())(x);
  for (const lengths of [tensor([2]), tensor([[1], [2], [3]]), tensor(2), tensor([1, 2, 3, 4])]) {
    const error = assertThrows(() => run(lengths), TypeError);
    const expected = "Cannot run a recurrent layer: expected the lengths of 3 sequences, of shape [3], got";
    assertEquals(error.message, `${expected} ${showShape(lengths.shape)}`);
  }
  const message = (length: number | string) => `run a recurrent layer over a sequence of length ${length} of row 1`;
  const limit = "an input of 5 steps has 6 possible lengths, so expected a whole number from 0 to 5";
  for (const length of [9, 6, -1, 1.5, NaN]) {
    const lengths = tensor([0, length, 5]);
    const error = assertThrows(() => run(lengths), RangeError);
    assertEquals(error.message, `Cannot ${message(length)}: ${limit}`);
    assertThrows(() => jit(run)(lengths), RangeError, message(length));
    const computed = lengths.mul(ones([3]));
    const shown = Number.isInteger(length) ? length : "(not a whole number of 32 bits)";
    for (const compute of [run, jit(run), slope]) {
      const late = await assertRejects(() => compute(computed).data(), RangeError);
      assertStringIncludes(late.message, `had to ${message(shown)}, but ${limit} (1 such index since the last read)`);
    }
  }
  const right = tensor([0, 5, 2]).mul(ones([3]));
  assertEquals(await run(right).toArray(), await run(tensor([0, 5, 2])).toArray());
});

Deno.test("Recurrent layers stack", () => {
  const first = lstm(inputLayer({ shape: [null, 6, 3] }), { nUnits: 4, lastOnly: false });
  const second = gru(first, { nUnits: 5, lastOnly: false, goBackwards: true });
  assertEquals(rnn(second, { nUnits: 2 }).outputShape, [null, 2]);
});

/** A test for which one device is enough. */
function testOnWasm(name: string, body: () => void | Promise<void>): void {
  Deno.test(name, async () => {
    await setDevice("wasm");
    await body();
  });
}

/** A step of training by the gradient of the mean output, compiled. */
function compiled(time: number, wrap: (layer: Layer) => Layer["apply"] = (layer) => layer.apply) {
  const layer = lstm(inputLayer({ shape: [null, time, 8] }), { nUnits: 16 });
  const apply = wrap(layer);
  const cost = (params: Parameters, x: Tensor) => apply(params, x, mode).output.mean();
  const step = jit((params: Parameters, x: Tensor) => grad(cost)(params, x));
  const { params } = layer.init(key(1));
  const x = normal(key(2), [4, time, 8]);
  versionOf(step, params, x);
  return { step, params, x };
}

testOnWasm("More time steps make nothing more to compile", () => {
  // The work of each stage is counted, because a time would depend on what else the machine does.
  const stages = ["graph", "nests", "plan"] as const;
  const [short, long] = [28, 1000].map((time) => {
    const { step, params, x } = compiled(time);
    const traced = trace(step, flattenTree([params, x])).graph.results;
    const lines = stages.map((stage) => explain(step, { stage }).split("\n").length);
    return { counts: [topological(traced).length, ...lines], code: explain(step, { stage: "source" }).length };
  });
  assertEquals(long.counts, short.counts);
  // Kernels of longer loops may be divided in another way.
  assert(long.code < 1.5 * short.code, `28 steps: ${short.code} characters of code, 1000 steps: ${long.code}`);
});

testOnWasm("A thousand time steps have a finite gradient to every parameter", async () => {
  const { step, params, x } = compiled(1000);
  const gradients = step(params, x);
  for (const [name, gradient] of Object.entries(gradients)) {
    assert(sameShape(gradient.shape, params[name].shape));
    assert((await gradient.data()).every(Number.isFinite), name);
  }
});

testOnWasm("A checkpoint around the layer gives the same gradients", async () => {
  const plain = compiled(20);
  const spare = compiled(20, (layer) => (params, x) => ({
    output: checkpoint((params: Parameters, x: Tensor) => layer.apply(params, x, mode).output)(params, x as Tensor),
    state: {},
  }));
  const [expected, actual] = [plain.step(plain.params, plain.x), spare.step(plain.params, plain.x)];
  for (const name of Object.keys(expected)) {
    const [a, b] = [await actual[name].data(), await expected[name].data()];
    b.forEach((value, i) => assertAlmostEquals(a[i], value, 1e-5 * Math.max(1, Math.abs(value))));
  }
});

testOnEveryDevice(
  "after the end of a sequence the outputs of a layer with nOut are those of 0, and have no gradient",
  async () => {
    const sequences = inputLayer({ shape: [null, 3, 1] });
    const lengths = inputLayer({ shape: [null] });
    for (const [outActivation, ofZero] of [["linear", 0], ["sigmoid", 0.5]] as const) {
      const layer = gru([sequences, lengths], { nUnits: 2, nOut: 1, outActivation, lastOnly: false });
      const { params } = layer.init(key(1));
      const run = (params: Parameters) => layer.apply(params, [ones([2, 3, 1]), tensor([1, 3])], mode).output;
      const shifted = { ...params, b_y: params.b_y.add(0.5) };
      const values = [...await run(shifted).data()];
      assertEquals(values.map((one) => one === ofZero), [false, true, true, false, false, false], outActivation);
      if (outActivation !== "linear") continue;
      assertEquals(await grad((params: Parameters) => run(params).sum())(shifted).b_y.toArray(), [4]);
    }
  },
);
