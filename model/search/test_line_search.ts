/**
 * Searches over the training of one line, whose results can be computed in plain numbers.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { meanSquaredError } from "../../optim/objectives.ts";
import type { ModelParts } from "../model_options.ts";
import { network } from "../network.ts";

/** The points, and the line before training: p = w · x + b. */
export const [x, y, start] = [[0.5, -1, 2, 1.5], [1, 0.25, -0.5, 2], [0.75, -0.25]];

const set = { x: samples(x.map((one) => [one])), y: samples(y.map((one) => [one])) };
const input = inputLayer({ shape: [null, 1] });

/** The line, with the given or random initial weights. */
export function lineNetwork(given = true) {
  const initial = given ? { W: tensor([[start[0]]]), b: tensor([start[1]]) } : {};
  return network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear", name: "line", ...initial })]);
}

/** Builds the model of a combination. */
export function buildLine(): ModelParts {
  return {
    network: lineNetwork(),
    data: data([set, set]),
    objective: meanSquaredError,
    evaluationMetric: meanSquaredError,
  };
}

/** Where builds meet, and how many of them. */
interface Meeting {
  readonly folder: string;
  readonly guests: number;
  readonly guest: number;
}

/** Builds the same, once as many builds as expected have begun. */
export async function buildTogether({ folder, guests, guest }: Meeting): Promise<ModelParts> {
  await Deno.writeTextFile(`${folder}/${guest}`, "");
  for (let wait = 0; [...Deno.readDirSync(folder)].length < guests; wait++) {
    if (wait === 200) throw new Error("Cannot build: the other builds did not begin");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return buildLine();
}
