/**
 * Which options of a training must be those of the saved one when it is resumed.
 *
 * @module
 */

import type { TrainingChoices } from "../files/saved_schema.ts";
import { listOfAugmentations, savedAugmentations } from "./augment.ts";
import { givenMetrics, savedMetrics } from "./metric_option.ts";
import { readPlateau } from "./plateau.ts";
import type { TrainOptions } from "./train_options.ts";

/** An option as files keep it. */
type Comparison<N extends keyof TrainingChoices> = (given: NonNullable<TrainOptions[N]>) => TrainingChoices[N];

/** What is compared: all options that files keep. Others, which change no result, are null. */
type Comparisons = {
  readonly [N in keyof Required<TrainOptions>]: N extends keyof TrainingChoices ? Comparison<N> : null;
};

const asGiven = <T>(given: T): T => given;

/** How each option is compared. An option that is missing here does not compile: decide whether it changes results. */
export const comparisons: Comparisons = {
  saveMode: null,
  file: null,
  deviceBytes: null,
  signal: null,
  resume: null,
  // Both are refused together with resume.
  overfit: null,
  dryRun: null,
  seed: asGiven,
  unsupervisedTraining: asGiven,
  earlyStop: asGiven,
  shuffle: asGiven,
  restoreBest: asGiven,
  classWeights: asGiven,
  labelSmoothing: asGiven,
  augment: (given) => savedAugmentations(listOfAugmentations(given)),
  metrics: (given) => savedMetrics(givenMetrics(given)),
  monitor: asGiven,
  reduceOnPlateau: readPlateau,
};

/** The options that were given and must be those of the saved training, as files keep them. */
export function comparedChoices(options: TrainOptions): Partial<TrainingChoices> {
  const entries = Object.entries(comparisons).flatMap(([name, comparison]): [string, unknown][] => {
    const given = options[name as keyof TrainOptions];
    return comparison === null || given === undefined
      ? []
      : [[name, (comparison as (given: unknown) => unknown)(given)]];
  });
  return Object.fromEntries(entries);
}
