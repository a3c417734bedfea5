/**
 * The task of a training, from the parts of a model, and whether they fit together.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import type { Data } from "../../data/data.ts";
import { TablePreprocessing } from "../../data/steps/table_preprocessing.ts";
import type { FittedPreprocessing } from "../../data/steps/any_preprocessing.ts";
import { categoricalCrossentropyError, type Objective } from "../../optim/objectives.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { sgd } from "../../optim/updates.ts";
import { checkClasses, checkFit } from "../check_data.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { mixing } from "./augment.ts";
import { balancedWeights, checkCounted } from "./balanced_weights.ts";
import { checkEmphasis, checkWeighedClasses } from "./check_emphasis.ts";
import { checkMetrics, chooseMonitor, setsOf } from "./choose_metrics.ts";
import { chooseJudgment } from "./choose_task.ts";
import type { Augmentation } from "../../data/augment/augmentation.ts";
import type { TensorPair } from "../../data/tensor_set.ts";
import type { TaskEmphasis } from "./emphasis.ts";
import { batchesOf, checkAccumulation } from "./epoch_size.ts";
import { checkGradient } from "./gradient_fit.ts";
import { isWeighted } from "./outcome.ts";
import { checkOutput } from "./output_fit.ts";
import { type PlateauOptions, reducible } from "./plateau.ts";
import { settingsOf, updateRuleOf, valuesOf } from "./settings.ts";
import { checkTargets, type Judged, namedSets } from "./target_fit.ts";
import { formsOf } from "./set_metrics.ts";
import { readingOnce } from "./target_scan.ts";
import { inUnits } from "./target_units.ts";
import type { Task } from "./task.ts";
import type { EmphasisOptions } from "./train_options.ts";

/** The parts of a model that is trained. */
export type TrainedParts = ResolvedParts & { readonly network: Network; readonly data: Data };

/** The objective and metric of pre-training, which uses neither. */
const unjudged = { objective: categoricalCrossentropyError, error: null };

/** What a task is for. */
export interface TaskChoice {
  /** Whether the network is judged by an objective and a metric; pre-training does without. */
  readonly judge: boolean;
  /** The options of a training that change its task (default: none). */
  readonly options?: TaskOptions;
}

/** The options of a training that change what it computes. */
export interface TaskOptions extends EmphasisOptions {
  /** How the examples of each step are changed (default: not at all). */
  readonly augment?: readonly Augmentation<TensorPair>[] | undefined;
  /** Metrics of whole sets (default: none). */
  readonly metrics?: readonly Metric[];
  /** The monitored value (default: the error, or the loss without one). */
  readonly monitor?: string | undefined;
  /** How the learning rate is reduced (default: never). */
  readonly reduceOnPlateau?: Required<PlateauOptions> | undefined;
}

/** The task of a training. */
export function taskOf(parts: TrainedParts, choice: TaskChoice): Task {
  return readingOnce(() => checkedTask(parts, choice));
}

function checkedTask(parts: TrainedParts, { judge, options = {} }: TaskChoice): Task {
  const { network, data, updates = sgd, objective, evaluationMetric } = parts;
  const action = `train ${JSON.stringify(network.name)} on ${data.name}`;
  const judged = judge
    ? chooseJudgment({
      ...{ network, set: data.training, answers: setsOf(data), action, objective, evaluationMetric },
      advice: adviceFor(data.preprocessing),
    })
    : unjudged;
  const measures = judge ? [judged.objective, judged.error] : [];
  for (const measure of measures) if (measure) checkOutput(action, network, measure);
  checkTargets(action, readTargets(network, data, judged.objective), measures);
  const values = valuesOf(parts.hyperparameters ?? {});
  const { reduceOnPlateau, augment } = options;
  const own = updateRuleOf({ updates, values, network });
  const rule = reduceOnPlateau && judge ? reducible(action, own, reduceOnPlateau) : own;
  const { batchSize, nEpochs } = settingsOf(values);
  if (judge) checkGradient(action, judged.objective, { network, set: data.training, batchSize });
  const batches = batchesOf(network, { examples: data.training.length, batchSize });
  if (judge) checkAccumulation(action, rule, { nEpochs, batches });
  const emphasis = emphasisOf(action, { network, data, objective: judged.objective, options });
  const { objective: learned } = judged;
  const weighs = isWeighted({ ...emphasis, weights: data.training.rows.weights, objective: learned });
  const measured = judge ? measuresOf(action, { network, data, ...judged }, options) : {};
  const task = {
    network,
    ...judged,
    rule,
    batchSize,
    emphasis,
    isWeighted: weighs,
    ...(augment && { augment }),
    ...measured,
  };
  return inUnits(task, data.preprocessing);
}

/** The targets of all sets. */
function readTargets(network: Network, data: Data, objective: Objective): Judged {
  const { classes, preprocessing } = data;
  return { network, objective, sets: namedSets(data), classes, advice: adviceFor(preprocessing) };
}

/** How the target of a table becomes a class, if it is a number. */
function adviceFor(preprocessing: FittedPreprocessing | undefined): string | undefined {
  if (!(preprocessing instanceof TablePreprocessing) || preprocessing.classes !== undefined) return undefined;
  const [target, ...others] = preprocessing.targets;
  if (target === undefined || others.length > 0) return undefined;
  return `; if the numbers of column ${showValue(target)} are classes, pass targets: { ${
    writeKey(target)
  }: "classes" } to tableData`;
}

/** A name as the key of a record. */
function writeKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : showValue(name);
}

/** What metrics of whole sets are measured on. */
interface Measured {
  readonly network: Network;
  readonly data: Data;
  readonly objective: Objective;
  readonly error: Objective | null;
}

/** The metrics of whole sets, and the monitored value, if they are used. */
function measuresOf(
  action: string,
  { data, ...parts }: Measured,
  { metrics = [], monitor }: Pick<TaskOptions, "metrics" | "monitor">,
): Pick<Task, "metrics" | "forms" | "monitor"> {
  const answers = setsOf(data);
  for (const set of answers) checkMetrics(action, metrics, { ...parts, set, answers });
  const monitored = chooseMonitor(action, monitor, { ...parts, set: data.training, metrics });
  const forms = formsOf(parts.network, data.training);
  return { ...(metrics.length > 0 && { metrics, forms }), ...(monitored !== undefined && { monitor: monitored }) };
}

/** The options of a training that say what counts more in it, and to what they are applied. */
interface EmphasisChoice {
  readonly network: Network;
  readonly data: Data;
  readonly objective: Objective;
  readonly options: Pick<TaskOptions, keyof EmphasisOptions | "augment">;
}

/**
 * What counts more in a training.
 *
 * @throws {RangeError} if there are not as many weights as classes.
 * @throws {TypeError} if targets have no classes, or cannot be smoothed.
 */
function emphasisOf(action: string, { network, data, objective, options }: EmphasisChoice): TaskEmphasis {
  const { classWeights, labelSmoothing } = options;
  if (classWeights !== undefined) checkWeighedClasses(action, { network, objective, set: data.training });
  const emphasis = {
    classWeights: classWeights === "balanced" ? balancedWeights(data.training, { network, objective }) : classWeights,
    labelSmoothing,
    mixedBy: mixing(options.augment ?? []),
  };
  checkEmphasis(action, { network, objective, emphasis });
  if (emphasis.classWeights) {
    checkCounted(action, data.training, { network, objective, weights: emphasis.classWeights });
  }
  return emphasis;
}

/**
 * Throws if a training with these parts cannot begin.
 *
 * @throws {TypeError} if network, data, hyperparameters and functions do not fit together.
 * @throws {RangeError} if a hyperparameter is out of bounds, or belongs only to other rules.
 */
export function checkTraining(parts: TrainedParts, options: TaskOptions = {}): void {
  checkFit(parts, parts, settingsOf(valuesOf(parts.hyperparameters ?? {})).batchSize);
  checkClasses(taskOf(parts, { judge: true, options }), parts.data);
}
