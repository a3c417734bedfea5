/**
 * Several trainings in one picture.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { runsKind } from "./argument_kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { anyText } from "../core/options/kinds.ts";
import type { Declaration } from "../core/options/option.ts";
import { list, oneOf } from "../core/options/values.ts";
import type { Report } from "../model/training/report.ts";
import { compose } from "./compose.ts";
import { curves, legendOf } from "./curve_data.ts";
import {
  type CurveOptions,
  curveOptions,
  type CurveReport,
  errorLabel,
  hasErrors,
  lineOf,
  type Measure,
  panelsIn,
} from "./learning_curves.ts";
import type { Picture } from "./picture.ts";

/** Options of {@linkcode compareRuns}. */
export interface CompareOptions extends CurveOptions {
  /**
   * The measures to compare, one panel each; default: training loss, and validation error (validation loss if a
   * training has no errors).
   */
  readonly measures?: readonly Measure[];
}

const measureLabels: Readonly<Record<Measure, (unit: Report["errorUnit"]) => string>> = {
  trainLoss: () => "training loss",
  validationLoss: () => "validation loss",
  trainError: (unit) => `training ${errorLabel(unit)}`,
  validationError: (unit) => `validation ${errorLabel(unit)}`,
};

/** {@linkcode CompareOptions}, declared. */
export const compareOptions = {
  ...curveOptions,
  title: anyText({ default: "Trainings", help: "title" }),
  measures: list(oneOf(["trainLoss", "validationLoss", "trainError", "validationError"]), {
    otherwise: "training loss, and validation error (validation loss if a training has no errors)",
    help: "measures to compare, one panel each",
  }),
} satisfies Declaration<CompareOptions>;

/**
 * Compares trainings, such as those with different update rules, by one line each, in the order of the record.
 *
 * @throws {RangeError} if there is no training.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { compareRuns } from "@yadll/yadll/views";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const runOf = (...losses: number[]) => ({
 *   errorUnit: "%" as const,
 *   history: losses.map((trainLoss, i) => ({
 *     ...{ epoch: i + 1, trainLoss, validationLoss: null, trainError: 5, validationError: 6 },
 *     ...{ seconds: 1, samplesPerSecond: 100 },
 *   })),
 * });
 * const picture = await compareRuns({ sgd: runOf(0.9, 0.7), adam: runOf(0.5, 0.3) }, { title: "Update rules" });
 * assertStringIncludes(picture.svg, ">adam</text>");
 * ```
 */
export async function compareRuns(
  runs: Readonly<Record<string, CurveReport>>,
  options?: CompareOptions,
): Promise<Picture> {
  refuseSurplus("compareRuns", arguments, 2);
  checkArgument("compare trainings", runs, runsKind);
  const given = readOptions("compare trainings", compareOptions, options);
  const { title, measures = defaultMeasures(runs), width, height, logarithmic } = given;
  const entries = Object.entries(runs);
  if (entries.length === 0) throw new RangeError("Cannot compare trainings: expected at least one, got none");
  const layout = measures.length === 1 ? { columns: 1, width } : panelsIn(width);
  const [[, { errorUnit }]] = entries;
  const panels = await Promise.all(measures.map((measure) =>
    curves({
      series: entries.map(([name, { history }]) => ({ name, points: lineOf(history, measure) })),
      label: measureLabels[measure](errorUnit),
      width: layout.width,
      height,
      logarithmic,
    })
  ));
  const names = entries.map(([name]) => name);
  return compose({
    title,
    legend: legendOf(names),
    panels,
    columns: layout.columns,
    description: `${title}: ${measures.map((one) => measureLabels[one](errorUnit)).join(" and ")} of ${
      names.join(", ")
    }`,
  });
}

/** The default measures: what all trainings have. */
function defaultMeasures(runs: Readonly<Record<string, CurveReport>>): readonly Measure[] {
  const haveOnlyLosses = Object.values(runs).some(({ history }) =>
    !hasErrors(history) && lineOf(history, "validationLoss").length > 0
  );
  return ["trainLoss", haveOnlyLosses ? "validationLoss" : "validationError"];
}
