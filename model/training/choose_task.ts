/**
 * The objective and the metric of a task: those given, or the defaults for classes.
 *
 * @module
 */

import { showShape } from "../../core/shape.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import { categoricalError } from "../../optim/metrics.ts";
import { categoricalCrossentropyError, type Objective } from "../../optim/objectives.ts";
import type { Network } from "../network.ts";
import { valuesOf } from "../../layers/output_values.ts";
import { withThreshold } from "./binary_threshold.ts";
import { readClasses, type TargetClasses } from "./classes.ts";
import { ignoredBy, ignoring, wholeMetric } from "./ignored_class.ts";
import { knownName, nameOf } from "./measure_names.ts";
import { findTarget, type FoundTarget, otherThanWhole, showTarget } from "./target_scan.ts";
import type { MeasureNames } from "./outputs.ts";
import { errorOf } from "./task.ts";
import { unitsIn } from "./unit_count.ts";

/** What a network learns, and by what it is judged. */
export interface Judgment {
  readonly objective: Objective;
  /** Null to judge by the objective itself. */
  readonly error: Objective | null;
  readonly names: MeasureNames;
}

/** The parts of a model that determine it. */
export interface JudgedParts {
  readonly network: Network;
  /** The set that is learned, or evaluated. */
  readonly set: TargetSet;
  /** All sets whose targets may say what the answer no is (default: the set). */
  readonly answers?: readonly TargetSet[] | undefined;
  /** How targets of a table become classes, for messages (default: nothing). */
  readonly advice?: string | undefined;
  /** What is to be done, for messages: `train "mlp" on digits`. */
  readonly action: string;
  readonly objective?: Objective | undefined;
  readonly evaluationMetric?: Objective | undefined;
}

const CATEGORICAL: ReadonlySet<string | undefined> = new Set([
  ...["categoricalAccuracy", "categoricalError", "categoricalHingeError"],
  ...["categoricalCrossentropyError", "categoricalCrossentropyFromLogits"],
]);

/** Whether an objective or a metric compares classes. */
export function isCategorical(measure: Objective): boolean {
  return CATEGORICAL.has(knownName(wholeMetric(measure)));
}

/**
 * The objective and the metric of a model. The default objective, categorical cross-entropy, is for targets that are
 * classes and outputs that have them; otherwise one is required. Without a metric, categorical objectives are judged by
 * the categorical error, and others by themselves, unless the network ends in a softmax and the targets are classes for
 * certain. Targets that the objective ignores do not count as errors either.
 *
 * @throws {TypeError} if categorical functions are to be used, but targets or outputs have no classes.
 */
export function chooseJudgment(parts: JudgedParts): Judgment {
  const { network, set, action, objective, evaluationMetric, answers = [set], advice = "" } = parts;
  const classes = needsClasses({ network, objective, evaluationMetric }) ? readClasses(set, network) : unread;
  const { found, odd } = classes;
  const areClasses = found === "yes" || found === "possible" && endsInSoftmax(network);
  const refuse = (what: string, cure: string): TypeError =>
    new TypeError(`Cannot ${action} with ${what}: ${misfit(network, set, { cure: `${cure}${advice}`, odd })}`);
  if (objective === undefined && !areClasses) {
    throw refuse(
      "the default objective, categoricalCrossentropyError",
      "pass another objective, such as meanSquaredError",
    );
  }
  if (objective !== undefined && found === "no" && isCategorical(objective)) {
    throw refuse(nameOf(objective), "pass another objective, such as meanSquaredError");
  }
  if (evaluationMetric !== undefined && found === "no" && isCategorical(evaluationMetric)) {
    throw refuse(nameOf(evaluationMetric), "pass another evaluationMetric, or none to watch the objective");
  }
  const chosen = objective ?? categoricalCrossentropyError;
  const metric = evaluationMetric ??
    (areClasses && isJudgedByClasses(network, objective, classes) ? categoricalError : null);
  const error = metric && errorOf(withThreshold(action, metric, { network, answers, objective: chosen }));
  const ignored = objective && ignoredBy(objective);
  return {
    objective: chosen,
    error: error && ignored !== undefined && isCategorical(error) ? ignoring(error, ignored) : error,
    names: { objective: nameOf(chosen), metric: metric && nameOf(metric) },
  };
}

/** What is known of targets that were not read. */
const unread: TargetClasses = { found: "no", certain: false };

/** Whether it matters if targets are classes. Numbers are not read for nothing. */
function needsClasses(
  { network, objective, evaluationMetric }: Pick<JudgedParts, "network" | "objective" | "evaluationMetric">,
): boolean {
  const measures = [objective, evaluationMetric];
  return objective === undefined || measures.some((one) => one && isCategorical(one)) || endsInSoftmax(network);
}

function endsInSoftmax({ outputLayer }: Network): boolean {
  return valuesOf(outputLayer) === "softmax";
}

/**
 * Whether errors are counted by default. Other objectives judge a network themselves, unless it ends in a softmax and the
 * targets are classes for certain: rows that happen to sum to 1 may be shares of something else.
 */
function isJudgedByClasses(
  network: Network,
  objective: Objective | undefined,
  { certain }: TargetClasses,
): boolean {
  return objective === undefined || isCategorical(objective) || certain && endsInSoftmax(network);
}

/** What to do about targets that are no classes, and the first one that is none although the shape is right. */
interface Remedy {
  readonly cure: string;
  readonly odd: FoundTarget | undefined;
}

/** Why targets are not classes of a network, and what to do about it. */
function misfit(
  { outputShape }: Network,
  set: TargetSet,
  { cure, odd }: Remedy,
): string {
  const { dtype, shape } = set.rows.y;
  const where = odd ? `, such as ${showTarget(odd)} in row ${odd.row}` : "";
  const [outputs, targets] = [showShape(outputShape), showShape(shape)];
  if (dtype === "i32" && unitsIn(outputShape) < 2) {
    return `expected outputs of at least 2 classes for class numbers, got outputs ${outputs}; give the last layer one ` +
      "unit per class, such as logisticRegression(input, { nClass: 2 }), or use one sigmoid unit with " +
      "binaryCrossentropyError and binaryError";
  }
  if (outputShape.length > 2) {
    const inner = [shape[0], ...outputShape.slice(1, -1).map((extent, i) => extent ?? shape[i + 1] ?? "time")];
    const numbers = `[${inner.join(", ")}]`;
    return `expected a class number for each output of a sequence, ${numbers}, or rows with one column per class, ` +
      `[${
        [...inner, outputShape.at(-1)].join(", ")
      }], got outputs ${outputs} and targets ${targets} that are not${where}; pass ` +
      `samples(Float32Array.from(classes), ${numbers}) as targets` +
      (dtype === "i32"
        ? ", or end the network in one output per example, such as that of the last step"
        : `, or ${cure}`);
  }
  const isColumn = shape.length === 2 && shape[1] === 1 && unitsIn(outputShape) > 1;
  const column = isColumn && findTarget(set, otherThanWhole) === undefined
    ? `pass class numbers as samples(values, [${shape[0]}]), without the last axis, or `
    : "";
  return "expected class numbers in an Int32Array, or rows with one column per class, " +
    `got outputs ${outputs} and targets ${targets} that are not classes${where}; ${column}${cure}`;
}
