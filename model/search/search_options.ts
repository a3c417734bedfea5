/**
 * The options of a search.
 *
 * @module
 */

import { pathKind, signalKind } from "../../core/options/kinds.ts";
import { count, whole } from "../../core/options/numbers.ts";
import { record } from "../../core/options/nested.ts";
import { custom, type Declaration, type Option } from "../../core/options/option.ts";
import { flag, text } from "../../core/options/values.ts";
import { isPlainRecord, type JsonRecord } from "../files/json.ts";
import { type TrainOptions, trainOptions } from "../training/train_options.ts";
import { type Distribution, isDistribution } from "./distribution.ts";
import { type GiveUp, giveUpOptions } from "./give_up.ts";

/** Options of the training of each combination. */
export type SearchTraining = Pick<
  TrainOptions,
  "seed" | "unsupervisedTraining" | "earlyStop" | "shuffle" | "restoreBest" | "classWeights" | "labelSmoothing"
>;

/** Options of a search. */
export interface SearchOptions {
  /** A file to which rows are written as soon as they are known. With it, a stopped search can be resumed. */
  readonly journal?: string | URL;
  /** One of n equal parts of the search, `i/n`, with i from 0. */
  readonly shard?: string;
  /** Options of every training. */
  readonly train?: SearchTraining;
  /** When to give up combinations that do worse than half of the others (default: never). */
  readonly giveUp?: GiveUp;
  /** The number of combinations to try at the same time (default: 1). More than one need `module`. */
  readonly parallel?: number;
  /** The URL of the module that exports the function that builds the models: `import.meta.url` of the caller. */
  readonly module?: string | URL;
  /** Whether failed combinations are retried (default: false). */
  readonly retryFailed?: boolean;
  /** Anything else on which the rows depend, such as the digest of the data. A journal is refused if it differs. */
  readonly about?: JsonRecord;
  /** Stops the search; known rows stay in the journal. */
  readonly signal?: AbortSignal;
}

/** How combinations are drawn. */
export interface Draws {
  /** The number of combinations. */
  readonly count: number;
  /** The random seed (default: 1). */
  readonly seed?: number;
  /** The distributions from which numbers are drawn, by name; all other hyperparameters are drawn from their ranges. */
  readonly distributions?: Readonly<Record<string, Distribution>>;
}

/** Options of a random search: how combinations are drawn, and how they are tried. */
export interface RandomSearchOptions extends SearchOptions, Draws {}

function anyRecord<T extends object>(expected: string): Option<T> {
  return custom<T>({ expected, accepts: (value): value is T => isPlainRecord(value) });
}

const { seed, unsupervisedTraining, earlyStop, shuffle, restoreBest, classWeights, labelSmoothing } = trainOptions;

/** {@linkcode SearchTraining}, declared. */
const trainingDeclaration = {
  ...{ seed, unsupervisedTraining, earlyStop, shuffle, restoreBest },
  ...{ classWeights, labelSmoothing },
} satisfies Declaration<SearchTraining>;

/** The options of a search. */
export const searchOptions = {
  journal: {
    ...pathKind,
    help: "file to which rows are written as soon as they are known, and from which a search is resumed",
  },
  shard: text({ help: "try part I of N equal parts, counted from 0" }),
  train: {
    ...record<SearchTraining>(trainingDeclaration),
    help: "options of every training",
  },
  giveUp: {
    ...record<GiveUp>(giveUpOptions),
    help: "give up combinations that do worse than half of the others",
    otherwise: "never",
  },
  parallel: count({ default: 1, help: "number of combinations to try at the same time" }),
  module: { ...pathKind, help: "module that exports the function that builds the models" },
  retryFailed: flag({ default: false, help: "retry combinations that failed before" }),
  about: { ...anyRecord<JsonRecord>("a record of plain data"), help: "anything else on which the rows depend" },
  signal: { ...signalKind, help: "stops the search" },
} satisfies Declaration<SearchOptions>;

/** How combinations are drawn. */
export const drawOptions = {
  count: count({ required: true, help: "number of combinations to try at random" }),
  seed: whole({ default: 1, help: "random seed" }),
  distributions: {
    ...custom<Readonly<Record<string, Distribution>>>({
      expected: "a record of distributions, such as { learningRate: logBetween(0.001, 1) }",
      accepts: (value): value is Readonly<Record<string, Distribution>> =>
        isPlainRecord(value) && Object.values(value).every(isDistribution),
    }),
    help: "distributions from which numbers are drawn, by name",
  },
} satisfies Declaration<Draws>;

/** The options of a random search. */
export const randomSearchOptions = { ...searchOptions, ...drawOptions } satisfies Declaration<RandomSearchOptions>;
