/**
 * A generative adversarial network: a generator learns to draw points that a discriminator cannot tell from those of a
 * ring. Two networks learn in turn, each with an update rule of its own.
 *
 * ```sh
 * deno run -A examples/gan.ts [PICTURE]
 * ```
 *
 * Trains for 3000 steps; with `--quick`, for 600. Writes the points to PICTURE, an SVG file. Prints the losses of both
 * networks, and how far the points that were drawn are from the middle (those of the ring are 1 ± 0.05 from it):
 *
 * ```text
 * step  500: discriminator 0.678, generator 0.713; distance from the middle 0.97 ± 0.12
 * ```
 *
 * Source: Goodfellow and others, "Generative adversarial nets", 2014.
 *
 * @module
 */

import {
  adam,
  binaryCrossentropyFromLogits,
  concatenate,
  denseLayer,
  inputLayer,
  jit,
  network,
  type NetworkParameters,
  ones,
  random,
  scan,
  type StepState,
  type Tensor,
  trainStep,
  zeros,
} from "../mod.ts";

const quick = Deno.args.includes("--quick");
const [picture] = Deno.args.filter((one) => one !== "--quick");
const [rounds, stepsPerRound] = quick ? [3, 200] : [6, 500];
const [size, codes] = [128, 4];

// From random codes to points, and from points to the logit of "from the ring".
const code = inputLayer({ shape: [null, codes], name: "code" });
const drawing = denseLayer(code, { nUnits: 48, activation: "relu" });
const drawing2 = denseLayer(drawing, { nUnits: 48, activation: "relu" });
const generator = network("generator", [
  code,
  drawing,
  drawing2,
  denseLayer(drawing2, { nUnits: 2, activation: "linear" }),
]);

const point = inputLayer({ shape: [null, 2], name: "point" });
const judging = denseLayer(point, { nUnits: 48, activation: "relu" });
const judging2 = denseLayer(judging, { nUnits: 48, activation: "relu" });
const discriminator = network("discriminator", [
  ...[point, judging, judging2],
  denseLayer(judging2, { nUnits: 1, activation: "linear" }),
]);

const mode = { train: true, state: {} } as const; // no layer has a state, or draws random numbers
const draw = (params: NetworkParameters, z: Tensor): Tensor => generator.apply(params, z, mode).output;
const judge = (params: NetworkParameters, x: Tensor): Tensor => discriminator.apply(params, x, mode).output;

// Each batch has the parameters of the other network, which are not changed by the step.
interface Draw {
  readonly z: Tensor;
  readonly other: NetworkParameters;
}

const generating = trainStep({
  network: generator,
  rule: adam({ learningRate: 0.001, beta1: 0.5 }),
  loss: ({ params }, { z, other }: Draw) => ({
    cost: binaryCrossentropyFromLogits(judge(other, draw(params, z)), ones([size, 1])),
  }),
});
const judgingStep = trainStep({
  network: discriminator,
  rule: adam({ learningRate: 0.001, beta1: 0.5 }),
  loss: ({ params }, { z, other, real }: Draw & { readonly real: Tensor }) => {
    const points = concatenate([real, draw(other, z)]);
    return {
      cost: binaryCrossentropyFromLogits(judge(params, points), concatenate([ones([size, 1]), zeros([size, 1])])),
    };
  },
});

/** Points near a circle, [size, 2]. */
function ring(key: Tensor): Tensor {
  const [turn, noise] = random.splitKeys(key, 2);
  const angle = random.uniform(turn, [size, 1]).mul(2 * Math.PI);
  return concatenate([angle.cos(), angle.sin()], 1).add(random.normal(noise, [size, 2]).mul(0.05));
}

interface Both {
  readonly generator: StepState;
  readonly discriminator: StepState;
}

/** Both networks after a step each. */
function stepOfBoth(before: Both, key: Tensor): [Both, { discriminator: Tensor; generator: Tensor }] {
  const [first, second, points] = random.splitKeys(key, 3);
  const [discriminator, judged] = judgingStep.step(before.discriminator, {
    z: random.normal(first, [size, codes]),
    real: ring(points),
    other: before.generator.params,
  });
  const [generator, drawn] = generating.step(before.generator, {
    z: random.normal(second, [size, codes]),
    other: discriminator.params,
  });
  return [{ generator, discriminator }, { discriminator: judged.loss, generator: drawn.loss }];
}

// Many steps are one call.
const round = jit((state: Both, key: Tensor) => scan(stepOfBoth, state, random.split(key, stepsPerRound)), {
  donate: [0],
});

let both: Both = { generator: generating.init(random.key(1)), discriminator: judgingStep.init(random.key(2)) };
let points: number[][] = [];
for (let i = 1; i <= rounds; i++) {
  const [after, losses] = round(both, random.key(10 + i));
  both = after;
  points = await draw(both.generator.params, random.normal(random.key(3), [400, codes])).toArray() as number[][];
  const distances = points.map(([x, y]) => Math.hypot(x, y));
  const mean = distances.reduce((sum, one) => sum + one, 0) / distances.length;
  const deviation = Math.sqrt(distances.reduce((sum, one) => sum + (one - mean) ** 2, 0) / distances.length);
  const [judged, drawn] = [await losses.discriminator.mean().item(), await losses.generator.mean().item()];
  console.log(
    `step ${String(i * stepsPerRound).padStart(4)}: discriminator ${judged.toFixed(3)}, generator ${
      drawn.toFixed(3)
    }; ` +
      `distance from the middle ${mean.toFixed(2)} ± ${deviation.toFixed(2)}`,
  );
}

if (picture !== undefined) {
  const dots = points.map(([x, y]) => `<circle cx="${x.toFixed(3)}" cy="${y.toFixed(3)}" r="0.02"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1.5 -1.5 3 3" width="400" fill="teal">${
    dots.join("")
  }</svg>\n`;
  await Deno.writeTextFile(picture, svg);
}
