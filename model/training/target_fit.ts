/**
 * Whether objectives and metrics fit the targets: others would give costs below 0, no gradient, or margins and rates that
 * mean nothing. All targets are read: those of training, validation and test.
 *
 * @module
 */

import { sameShape } from "../../core/shape.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import { isCategorical } from "./choose_task.ts";
import { ignoredBy, wholeMetric } from "./ignored_class.ts";
import type { Network } from "../network.ts";
import type { TargetData } from "../target_data.ts";
import { knownName, nameOf } from "./measure_names.ts";
import { kindOfRows, otherThanRows } from "./row_kinds.ts";
import { anyCounts } from "./counted.ts";
import {
  belowZero,
  findTarget,
  type FoundTarget,
  type Misfit,
  otherThanAnswers,
  otherThanClasses,
  otherThanSigns,
  outsideShares,
  showRow,
  showTarget,
} from "./target_scan.ts";
import { unitsIn } from "./unit_count.ts";

/** The targets of an objective or a metric. */
interface Targets {
  readonly expected: string;
  readonly misfit: Misfit;
  readonly cure: string;
  /** Whether messages show the whole row, of this many numbers (default: one number). */
  readonly width?: number;
}

const probabilities: Targets = {
  expected: "targets from 0 to 1",
  misfit: outsideShares,
  cure: "for more than two classes end the network in logisticRegression, without an objective",
};

const signs: Targets = {
  expected: "targets -1 and 1, or 0 and 1",
  misfit: otherThanSigns,
  cure: "for numbers use another objective, such as meanSquaredError",
};

const answers: Targets = {
  expected: "targets 0 and 1, or -1 and 1",
  misfit: otherThanAnswers,
  cure: "pass another evaluationMetric, or none to watch the objective",
};

const notNegative: Targets = {
  expected: "class numbers, or rows of numbers from 0",
  misfit: belowZero,
  cure: "for rows of -1 and 1 use categoricalHingeError, for numbers meanSquaredError",
};

const binary: Readonly<Record<string, Targets>> = {
  binaryCrossentropyError: probabilities,
  binaryCrossentropyFromLogits: probabilities,
  binaryHingeError: { ...signs, cure: `${signs.cure}, and for more than two classes categoricalHingeError` },
  binaryError: answers,
  binaryAccuracy: answers,
};

/** Rows of categorical functions; metrics take all rows that are classes. */
const rows: Readonly<Record<string, Targets>> = {
  categoricalHingeError: signs,
  categoricalCrossentropyError: notNegative,
  categoricalCrossentropyFromLogits: notNegative,
};

/** A network, and the sets by which it is judged. */
export interface Judged {
  readonly network: Network;
  /** What the network learns: it may say that rows which do not sum to 1 are of one class. */
  readonly objective: Objective;
  /** The sets by their names in messages. */
  readonly sets: Readonly<Record<string, TargetSet | undefined>>;
  /** How targets of a table become classes, for messages (default: nothing). */
  readonly advice?: string | undefined;
  /** The number of classes of the data, if targets are classes. */
  readonly classes: number | undefined;
}

/** The sets of data by name. */
export function namedSets({ training, validation, test }: TargetData): Judged["sets"] {
  return { training, validation, test };
}

/**
 * Throws if an objective or a metric is used for targets that it cannot judge. All targets of all sets are read.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @param measures an objective, and a metric if there is one
 * @throws {TypeError} with the first such target, its example, and the cure.
 */
export function checkTargets(action: string, judged: Judged, measures: readonly (Objective | null)[]): void {
  if (measures.includes(judged.objective)) checkNotIgnored(action, judged);
  const done = new Set<string>();
  for (const measure of measures) {
    if (measure === null) continue;
    for (const [name, set] of Object.entries(judged.sets)) {
      const wanted = set && targetsOf(judged, measure, { set, ignored: ignoredIn(measures) });
      if (!wanted || done.has(`${name}: ${wanted.expected}`)) continue;
      done.add(`${name}: ${wanted.expected}`);
      const { advice = "" } = judged;
      const advised = { ...wanted, cure: `${wanted.cure}${advice}` };
      checkSet(`${action} with ${nameOf(wholeMetric(measure))}`, advised, { name, set });
    }
  }
}

/**
 * Throws if all targets of a set are of the class that an objective ignores, or have the weight 0.
 *
 * @throws {TypeError} with the set.
 */
function checkNotIgnored(action: string, { objective, network, sets }: Judged): void {
  const ignored = ignoredBy(objective);
  if (ignored === undefined) return;
  for (const [name, set] of Object.entries(sets)) {
    if (!set || set.rows.y.shape.length >= network.outputShape.length) continue;
    if (anyCounts(set, ignored)) continue;
    throw new TypeError(
      `Cannot ${action} with ${
        nameOf(objective)
      }: expected a class other than ${ignored}, which it ignores, got only ` +
        `such targets${set.rows.weights ? ", or such of weight 0," : ""} in the ${name} set`,
    );
  }
}

function ignoredIn(measures: readonly (Objective | null)[]): number | undefined {
  return measures.map((one) => one ? ignoredBy(one) : undefined).find((one) => one !== undefined);
}

/** A set, and the class of it that does not count. */
interface ReadSet {
  readonly set: TargetSet;
  readonly ignored: number | undefined;
}

function targetsOf(judged: Judged, measure: Objective, read: ReadSet): Targets | undefined {
  const { network, objective, classes = 0 } = judged;
  const known = knownName(wholeMetric(measure));
  const { shape, dtype } = read.set.rows.y;
  const { outputShape } = network;
  const units = outputShape.at(-1) ?? 0;
  if (!isCategorical(measure)) {
    const isDistribution = known === "kullbackLeiblerDivergence" && sameShape(shape.slice(-1), [units]);
    if (isDistribution) return distributions(units);
    return known !== undefined && Object.hasOwn(binary, known) ? binary[known] : undefined;
  }
  if (shape.length === outputShape.length) {
    // One pass over the rows tells the other checks whether they need to read them.
    const width = Math.max(1, unitsIn(shape));
    kindOfRows(read.set, width);
    if (known !== undefined && Object.hasOwn(rows, known)) return rows[known];
    return isCategorical(objective) ? otherRows(width) : rowsOfOneClass(width);
  }
  // More classes than outputs are reported with the number of classes of the data.
  const isReported = dtype === "i32" && classes > units;
  return shape.length < outputShape.length && !isReported ? classNumbers(units, read.ignored) : undefined;
}

function distributions(units: number): Targets {
  return {
    expected: "rows of probabilities that sum to 1",
    misfit: otherThanRows(units, "distribution"),
    cure: "for numbers use another objective, such as meanSquaredError",
  };
}

function otherRows(units: number): Targets {
  return {
    expected: "class numbers, or rows with one column per class",
    misfit: otherThanRows(units, "shares"),
    cure: "pass another evaluationMetric, or none to watch the objective",
  };
}

/** Rows for metrics of one class, if the objective does not compare classes. */
function rowsOfOneClass(width: number): Targets {
  return {
    width,
    expected: "rows of one class each, which sum to 1",
    misfit: otherThanRows(width, "distribution"),
    cure: "use binaryError if rows may have several classes, or an objective for classes, such as " +
      "categoricalCrossentropyError, if they do not",
  };
}

function classNumbers(units: number, ignored: number | undefined): Targets {
  return {
    expected: `class numbers from 0 to ${units - 1}`,
    misfit: otherThanClasses(units, ignored),
    cure: "targets that do not count are named by ignoreIndex of categoricalCrossentropyFromLogits",
  };
}

function checkSet(
  action: string,
  { expected, misfit, cure, width }: Targets,
  { name, set }: { readonly name: string; readonly set: TargetSet },
): void {
  const found = findTarget(set, misfit);
  if (!found) return;
  const { dtype, shape } = set.rows.y;
  const isNumbered = dtype === "i32" && shape.length === 1;
  const got = isNumbered ? `class ${found.value}` : `${showFound(found, width)} in row ${found.row} of the ${name} set`;
  throw new TypeError(`Cannot ${action}: expected ${expected}, got ${got}; ${cure}`);
}

function showFound(found: FoundTarget, width: number | undefined): string {
  return width === undefined ? showTarget(found) : showRow(found, width);
}
