/**
 * Options of whatever trains a network.
 *
 * @module
 */

import { updates } from "../../optim/registry.ts";
import type { Settings } from "../example.ts";
import { section, valued, type ValuesOf } from "./option.ts";
import { count, countOrNone, oneOf, positive, whole } from "./readers.ts";

/** How long and how fast to learn. */
export const trainingOptions = section("Training", {
  epochs: valued("N", count, "train for at most N epochs"),
  pretrainingEpochs: valued(
    "N",
    countOrNone,
    "let each unsupervised layer learn from its input for N epochs, or none",
  ),
  batchSize: valued("N", count, "examples a step"),
  learningRate: valued("R", positive, "step size of the update rule"),
  update: valued("RULE", oneOf(Object.keys(updates)), `update rule: ${Object.keys(updates).join(", ")}`),
  seed: valued("N", whole, "what all random numbers come from (1)"),
});

/** The hyperparameters that these options set. `pretrainingEpochs` only where a network knows of it. */
export function directSettings(
  { epochs, pretrainingEpochs, batchSize, learningRate }: ValuesOf<typeof trainingOptions>,
  own: Settings,
): Settings {
  return {
    ...(epochs !== undefined && { nEpochs: epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(learningRate !== undefined && { learningRate }),
    ...(pretrainingEpochs !== undefined && Object.hasOwn(own, "pretrainingEpochs") && { pretrainingEpochs }),
  };
}
