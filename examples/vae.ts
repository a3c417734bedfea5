/**
 * A variational autoencoder: a network that learns a code of each digit, and then draws digits from random codes.
 *
 * ```sh
 * deno run -A examples/vae.ts [PICTURE]
 * ```
 *
 * Trains for ten epochs on 20 000 images of MNIST, or on built-in digits if it cannot be downloaded; with `--quick`, for four epochs on 800
 * built-in digits. Writes 40 digits that it has drawn to PICTURE, an SVG file. Prints the evidence lower bound (ELBO) of
 * a digit in nats after each epoch, its two parts, and that of test digits:
 *
 * ```text
 * epoch   1: ELBO  -161.8, reconstruction  -144.0, divergence   17.8
 * epoch   2: ELBO  -128.4, reconstruction  -105.5, divergence   22.9
 * test digits: ELBO  -106.8
 * ```
 *
 * Source: Kingma and Welling, "Auto-encoding variational Bayes", 2014.
 *
 * @module
 */

import {
  adam,
  binaryCrossentropyFromLogits,
  denseLayer,
  digitsLoader,
  gather,
  inputLayer,
  jit,
  type Layer,
  type Loss,
  network,
  random,
  scan,
  type StepState,
  Tensor,
  tensor,
  trainStep,
} from "../mod.ts";
import { imageGrid } from "../views/mod.ts";
import { mnistOrDigits } from "./mnist_or_digits.ts";

const quick = Deno.args.includes("--quick");
const [picture] = Deno.args.filter((one) => one !== "--quick");
const [epochs, batchSize, pixels, codes] = [quick ? 4 : 10, 100, 28 * 28, 16];
const [all, , test] = quick ? digitsLoader({ sizes: [800, 10, 200] }) : await mnistOrDigits();
const training = all.slice(0, Math.min(20_000, all.length));

/** A layer that draws from a normal distribution in training; otherwise it returns the mean. */
function drawLayer(mean: Layer, logVariance: Layer): Layer {
  return {
    kind: "Draw",
    name: "code",
    incoming: [mean, logVariance],
    outputShape: mean.outputShape,
    configuration: {},
    init: () => ({ params: {}, state: {} }),
    apply: (_params, input, { train, key, state }) => {
      if (input instanceof Tensor) throw new TypeError("Cannot draw: expected a mean and the logarithm of a variance");
      const [mean, logVariance] = input;
      if (!train || !key) return { output: mean.add(0), state };
      const deviation = logVariance.mul(0.5).exp();
      return { output: random.normal(key, mean.shape).mul(deviation).add(mean), state };
    },
  };
}

/** From codes to logits of pixels. Both networks below have these layers, and so the same parameters. */
function decoder(code: Layer): Layer[] {
  const hidden = denseLayer(code, { nUnits: 200, activation: "relu", name: "decode" });
  return [hidden, denseLayer(hidden, { nUnits: pixels, activation: "linear", name: "pixels" })];
}

const input = inputLayer({ shape: [null, pixels], name: "digit" });
const hidden = denseLayer(input, { nUnits: 200, activation: "relu", name: "encode" });
const mean = denseLayer(hidden, { nUnits: codes, activation: "linear", name: "mean" });
const logVariance = denseLayer(hidden, { nUnits: codes, activation: "linear", name: "log variance" });
const code = drawLayer(mean, logVariance);
const autoencoder = network("autoencoder", [input, hidden, mean, logVariance, code, ...decoder(code)]);

const drawn = inputLayer({ shape: [null, codes], name: "random code" });
const generator = network("generator", [drawn, ...decoder(drawn)]);

// The loss needs the outputs of three layers: −ELBO = −log p(x | z) + KL(q(z | x), p(z)).
const loss: Loss<{ readonly x: Tensor }> = ({ network, params, ...mode }, { x }) => {
  const layers = ["mean", "log variance", "pixels"];
  const { outputs, state } = network.applyLayers(params, x, { ...mode, layers });
  const [mean, logVariance] = [outputs.mean, outputs["log variance"]];
  const reconstruction = binaryCrossentropyFromLogits(outputs.pixels, x).mul(pixels); // [example]
  const divergence = logVariance.exp().add(mean.square()).sub(logVariance).sub(1).sum({ axis: 1 }).mul(0.5); // [example]
  const figures = { reconstruction: reconstruction.mean(), divergence: divergence.mean() };
  return { cost: reconstruction.add(divergence), figures, state };
};
const { init, step } = trainStep({ network: autoencoder, rule: adam({ learningRate: 0.002 }), loss });

// An epoch is one call: its steps are a scan over the numbers of their examples, in a new order.
const steps = Math.floor(training.length / batchSize);
const epoch = jit((state: StepState, x: Tensor, key: Tensor) => {
  const order = random.permutation(key, training.length).slice([0], [steps * batchSize]).reshape([steps, batchSize]);
  return scan((state: StepState, rows: Tensor) => step(state, { x: gather(x, rows) }), state, order);
}, { donate: [0] });

function line(reconstruction: number, divergence: number): string {
  const [bound, ...parts] = [-reconstruction - divergence, -reconstruction, divergence].map((one) => one.toFixed(1));
  return `ELBO ${bound.padStart(7)}, reconstruction ${parts[0].padStart(7)}, divergence ${parts[1].padStart(6)}`;
}

const digits = tensor(training.x.values, training.x.shape);
let state = init(random.key(1));
for (let i = 1; i <= epochs; i++) {
  const [after, { reconstruction, divergence }] = epoch(state, digits, random.key(i));
  state = after;
  const parts = [await reconstruction.mean().item(), await divergence.mean().item()] as const;
  console.log(`epoch ${String(i).padStart(3)}: ${line(...parts)}`);
}

const testLoss = jit(({ params, state, key }: StepState, x: Tensor) =>
  loss({ network: autoencoder, params, state, key, train: true }, { x }).cost.mean()
);
const bound = -await testLoss(state, tensor(test.x.values, test.x.shape)).item();
console.log(`test digits: ELBO ${bound.toFixed(1).padStart(7)}`);

if (picture !== undefined) {
  const z = random.normal(random.key(7), [40, codes]);
  const logits = generator.apply(state.params, z, { train: false, state: {} }).output;
  const images = await logits.sigmoid().toArray() as number[][];
  await (await imageGrid([{ label: "digits from random codes", images }], { columns: 10 })).save(picture);
}
