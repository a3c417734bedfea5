/**
 * Two inputs and two outputs: a network learns from a picture of a digit and from the size of the pen both which digit it
 * is, and how much of the picture is ink.
 *
 * ```sh
 * deno run -A examples/two_inputs.ts
 * ```
 *
 * Trains for 20 epochs on 2000 built-in digits; with `--quick`, for 5 epochs on 500. Prints the loss of each output, and
 * what the network says about digits that it has not seen:
 *
 * ```text
 * epoch 20: digit/loss 0.049, ink/loss 0.0095
 * test: 14.80 % misclassified, ink off by 0.058 on average
 * ```
 *
 * @module
 */

import {
  adam,
  categoricalCrossentropyError,
  concatenateLayer,
  denseLayer,
  digitsLoader,
  dropout,
  gather,
  inputLayer,
  jit,
  logisticRegression,
  mapTree,
  meanSquaredError,
  network,
  random,
  type SampleSet,
  scan,
  sequential,
  type StepState,
  type Tensor,
  tensor,
  trainStep,
} from "../mod.ts";

const quick = Deno.args.includes("--quick");
const [epochs, examples, batchSize] = quick ? [5, 500, 50] : [20, 2000, 50];
const [training, , test] = digitsLoader({ sizes: [examples, 10, 500] });

/** The tensors of a set, by the names of the inputs and outputs: pictures, and for each the share of gray in its ink. */
function recordsOf({ x: { values, shape }, y }: SampleSet) {
  const [count] = shape;
  const pictures = Array.from({ length: count }, (_, i) => values.subarray(i * 784, (i + 1) * 784));
  const inks = pictures.map((picture) => picture.reduce((sum, one) => sum + one, 0) / 100);
  const edges = pictures.map((picture) => picture.filter((one) => one > 0 && one < 1).length / 100);
  return {
    x: { picture: tensor(values, shape), edge: tensor(edges, [count, 1]) },
    y: { digit: tensor(y as Int32Array), ink: tensor(inks, [count, 1]) },
  };
}

const picture = inputLayer({ shape: [null, 784], name: "picture" });
const edge = inputLayer({ shape: [null, 1], name: "edge" });
const features = sequential(picture, [
  (previous) => denseLayer(previous, { nUnits: 100, activation: "relu" }),
  (previous) => dropout(previous, { corruptionLevel: 0.1 }),
]);
const both = concatenateLayer([features, edge]);
const digit = logisticRegression(both, { nClass: 10 });
const ink = denseLayer(both, { nUnits: 1, activation: "linear" });
const net = network("two inputs, two outputs", { digit, ink });

const { init, step } = trainStep({
  network: net,
  objective: { digit: categoricalCrossentropyError, ink: meanSquaredError },
  lossWeights: { ink: 0.1 },
  rule: adam({ learningRate: 0.002 }),
});

const steps = examples / batchSize;
type Records = ReturnType<typeof recordsOf>;
const epoch = jit((state: StepState, set: Records, key: Tensor) => {
  const order = random.permutation(key, examples).reshape([steps, batchSize]);
  const batchOf = (rows: Tensor): Records => mapTree((all) => gather(all, rows), set);
  return scan((state: StepState, rows: Tensor) => step(state, batchOf(rows)), state, order);
}, { donate: [0] });

let state = init(random.key(1));
const set = recordsOf(training);
for (let i = 1; i <= epochs; i++) {
  const [after, figures] = epoch(state, set, random.key(i));
  state = after;
  const [ofDigit, ofInk] = [figures["digit/loss"].mean(), figures["ink/loss"].mean()];
  console.log(
    `epoch ${String(i).padStart(2)}: digit/loss ${(await ofDigit.item()).toFixed(3)}, ` +
      `ink/loss ${(await ofInk.item()).toFixed(4)}`,
  );
}

const { x, y } = recordsOf(test);
const { outputs } = net.applyLayers(state.params, x, { train: false, state: state.state });
const wrong = outputs.digit.argmax({ axis: 1 }).notEqual(y.digit).cast("f32").mean();
const off = outputs.ink.sub(y.ink).abs().mean();
console.log(
  `test: ${(100 * await wrong.item()).toFixed(2)} % misclassified, ink off by ${
    (await off.item()).toFixed(3)
  } on average`,
);
