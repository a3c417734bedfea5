/**
 * Trainings from the command line that only try something: `--overfit` and `--dry-run`.
 *
 * @module
 */

import { join } from "@std/path";
import type { FileHandle } from "../../core/web_file.ts";
import { inOneLine } from "../../core/options/show.ts";
import { refuseUnused } from "../options/unused.ts";
import { runFiles } from "../runs/folder.ts";
import type { TrainingRequest } from "./request.ts";
import type { Reserved } from "./reserve.ts";
import type { SavingPlan } from "./saving_plan.ts";

/** What a command line tries. */
interface Wishes {
  readonly overfit: number | undefined;
  readonly dryRun: boolean;
  readonly rangeTest?: string | true | undefined;
  readonly profile?: string | true | undefined;
}

/** Why options have no effect on a training that only tries something. */
type Reasons = Readonly<Record<string, string>>;

const SAVES_NOTHING = "has no effect with --overfit, which saves nothing";

const withOverfit: Reasons = {
  dryRun: "has no effect with --overfit, which takes many steps",
  // A run folder that is resumed is also the one of --out, which was not given then.
  resume: "has no effect with --overfit, which starts anew",
  save: SAVES_NOTHING,
  saveMode: SAVES_NOTHING,
  out: SAVES_NOTHING,
  report: SAVES_NOTHING,
  tensorboard: SAVES_NOTHING,
  labelSmoothing: "has no effect with --overfit: smoothed targets keep the loss above zero",
  earlyStopping: "has no effect with --overfit, which ends when the loss is near zero",
  monitor: "has no effect with --overfit, which watches the loss",
};

const withDryRun: Reasons = { resume: "has no effect with --dry-run, which is a step from the beginning" };

/** Options of a training that is not one. */
const ofTrainings = [
  ...["overfit", "dryRun", "resume", "save", "saveMode", "out", "report", "tensorboard", "plot", "metrics", "monitor"],
  ...["epochs", "full", "learningRate", "earlyStopping", "noEarlyStopping"],
];

const withRangeTest: Reasons = Object.fromEntries(
  ofTrainings.map((
    name,
  ) => [name, "has no effect with --range-test, which trains a copy of the network for 100 steps"]),
);

const withProfile: Reasons = Object.fromEntries(
  [...ofTrainings, "rangeTest", "classWeights", "labelSmoothing", "augment", "seed"].map((name) => [
    name,
    "has no effect with --profile, which measures the kernels of a plain step",
  ]),
);

/** Throws if an option has no effect on a training that only tries something. */
export function checkTrial(wishes: Wishes): void {
  if (wishes.profile !== undefined) refuseUnused(wishes, withProfile);
  if (wishes.rangeTest !== undefined) refuseUnused(wishes, withRangeTest);
  if (wishes.overfit !== undefined) refuseUnused(wishes, withOverfit);
  if (wishes.dryRun) refuseUnused(wishes, withDryRun);
}

/** Whether a training only tries something. */
export function isTrial({ overfit, dryRun, rangeTest, profile }: Wishes): boolean {
  return overfit !== undefined || dryRun || rangeTest !== undefined || profile !== undefined;
}

/** Whether there is a plan for saving a training; a dry run has one if files are named. */
export function isKept(
  wishes: Wishes & { readonly save: string | undefined; readonly out: string | undefined },
): boolean {
  const { save, out } = wishes;
  return !isTrial(wishes) || wishes.dryRun && (save !== undefined || out !== undefined);
}

/** A file that a dry run names. It was checked, and the folder of a run does not exist yet. */
export function onlyNamed(file: string): FileHandle {
  const refuse = (): never => {
    throw new Error(`Cannot use ${file}: a dry run only names it`);
  };
  return { name: file, getFile: refuse, createWritable: refuse };
}

/** The plan of a dry run, which reserves nothing, since that would write. */
export function unreserved(saving: SavingPlan): Reserved {
  return { saving, release: () => {}, [Symbol.dispose]: () => {} };
}

/** What a dry run would have written in addition to the model. */
export function unwrittenLines({ saving: { out }, tensorboard, report }: TrainingRequest): string[] {
  const { model: _model, page, ...files } = runFiles;
  const names = [...Object.values(files).slice(0, 2), ...(report ? [page] : [])];
  return [
    ...(out === undefined
      ? []
      : [`Would be written, too: ${names.map((name) => inOneLine(join(out, name))).join(", ")}`]),
    ...(tensorboard === undefined ? [] : [`Would be written, too: event files in ${inOneLine(tensorboard)}`]),
  ];
}
