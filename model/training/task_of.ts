/**
 * The task of a training, from the parts of a model, and whether they fit together.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import type { Augmentation } from "../../data/augment/augmentation.ts";
import type { NamedData } from "../../data/data.ts";
import { isOfTables } from "../../data/recognized.ts";
import type { NamedTensors } from "../../data/tensor_set.ts";
import { categoricalCrossentropyError } from "../../optim/objectives.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { sgd } from "../../optim/updates.ts";
import { checkClasses, checkFit } from "../check_data.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { valueFor } from "../per_output.ts";
import { outputsOf, targetsIn, targetsOf } from "../target_data.ts";
import { mixing } from "./augment.ts";
import { balancedWeights, checkCounted } from "./balanced_weights.ts";
import { checkEmphasis, checkWeighedClasses } from "./check_emphasis.ts";
import { checkMetrics, chooseMonitor, setsOf } from "./choose_metrics.ts";
import { actionFor, checkOutputNames, chooseOutputs } from "./choose_outputs.ts";
import type { TaskEmphasis } from "./emphasis.ts";
import { batchesOf, checkAccumulation } from "./epoch_size.ts";
import { checkGradient } from "./gradient_fit.ts";
import { isWeighted } from "./outcome.ts";
import { checkOutput } from "./output_fit.ts";
import type { Output } from "./outputs.ts";
import { type PlateauOptions, reducible } from "./plateau.ts";
import { lossName } from "./progress.ts";
import { settingsOf, updateRuleOf, valuesOf } from "./settings.ts";
import { checkTargets, namedSets } from "./target_fit.ts";
import { formsOf, type NamedValue, namedValues } from "./set_metrics.ts";
import { readingOnce } from "./target_scan.ts";
import { inUnits } from "./target_units.ts";
import { errorIn, type Task } from "./task.ts";
import type { EmphasisOptions } from "./train_options.ts";

/** The parts of a model that is trained. */
export type TrainedParts = ResolvedParts<NamedData> & { readonly network: Network; readonly data: NamedData };

/** The outputs in pre-training, which uses neither objectives nor metrics. */
function unjudged(network: Network): readonly Output[] {
  return outputsOf(network).map((output) => ({
    ...output,
    weight: 1,
    objective: categoricalCrossentropyError,
    error: null,
  }));
}

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
  readonly augment?: readonly Augmentation<NamedTensors>[] | undefined;
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
  const { network, data, updates = sgd } = parts;
  const action = `train ${JSON.stringify(network.name)} on ${data.name}`;
  const { metrics = [], reduceOnPlateau, augment } = options;
  const judged = { set: data.training, answers: setsOf(data), metrics, advice: adviceFor(data) };
  const outputs = judge ? chooseOutputs(action, parts, judged) : unjudged(network);
  if (judge) checkJudged(action, outputs, data);
  const values = valuesOf(parts.hyperparameters ?? {});
  const own = updateRuleOf({ updates, values, network });
  const rule = reduceOnPlateau && judge ? reducible(action, own, reduceOnPlateau) : own;
  const { batchSize, nEpochs } = settingsOf(values);
  if (judge) {
    for (const output of outputs) {
      const { name, network, objective } = output;
      const set = targetsIn(data.training, name);
      checkGradient(actionFor(action, output, outputs), objective, { network, set, batchSize });
    }
  }
  const batches = batchesOf(network, { examples: data.training.length, batchSize });
  if (judge) checkAccumulation(action, rule, { nEpochs, batches });
  const { classWeights, labelSmoothing } = options;
  checkOutputNames(action, network, { classWeights, labelSmoothing });
  const emphasized = outputs.map((output) => ({
    ...output,
    emphasis: emphasisOf(actionFor(action, output, outputs), { output, data, options }),
  }));
  const measured = judge ? measuredOutputs(action, emphasized, data) : emphasized;
  const { weights } = data.training.rows;
  return {
    network,
    outputs: measured.map((output) => inUnits(output, data.preprocessing)),
    rule,
    batchSize,
    isWeighted: emphasized.some(({ emphasis, objective }) => isWeighted({ ...emphasis, weights, objective })),
    ...(augment && { augment }),
    ...(judge && monitorOfTask(action, measured, options.monitor)),
  };
}

/** How the target of a table becomes a class, if it is a number. */
function adviceFor({ preprocessing }: NamedData): string | undefined {
  if (!isOfTables(preprocessing) || preprocessing.classes !== undefined) return undefined;
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

/** Throws if objectives and metrics do not fit the outputs or their targets. */
function checkJudged(action: string, outputs: readonly Output[], data: NamedData): void {
  for (const output of outputs) {
    const { name, network, objective, error } = output;
    const own = actionFor(action, output, outputs);
    for (const measure of [objective, error]) if (measure) checkOutput(own, network, measure);
    const { classes, ...sets } = targetsOf(data, name);
    const read = { network, objective, sets: namedSets({ classes, ...sets }), classes, advice: adviceFor(data) };
    checkTargets(own, read, [objective, error]);
  }
}

/** The outputs with what their metrics judge, if they have any. */
function measuredOutputs(action: string, outputs: readonly Output[], data: NamedData): readonly Output[] {
  return outputs.map((output) => {
    const { name, metrics = [] } = output;
    const answers = setsOf(targetsOf(data, name));
    const own = { ...output, output: outputs.length === 1 ? undefined : name };
    for (const set of answers) checkMetrics(actionFor(action, output, outputs), metrics, { ...own, set, answers });
    if (metrics.length === 0) return output;
    return { ...output, forms: formsOf(output.network, targetsIn(data.training, name)) };
  });
}

/** The monitored value, if it is not the error, or the loss without one. */
function monitorOfTask(
  action: string,
  outputs: readonly Output[],
  monitor: string | undefined,
): Pick<Task, "monitor"> {
  const values = (): NamedValue[] =>
    outputs.flatMap(({ name, metrics = [], forms }) => [
      ...(outputs.length > 1 ? [{ name: lossName(name), direction: "minimize" } as const] : []),
      ...(forms ? namedValues(metrics, forms) : []),
    ]);
  const monitored = chooseMonitor(action, monitor, { hasError: errorIn({ outputs }) !== null, values });
  return monitored === undefined ? {} : { monitor: monitored };
}

/** The options of a training that say what counts more in it, and to what they are applied. */
interface EmphasisChoice {
  readonly output: Output;
  readonly data: NamedData;
  readonly options: Pick<TaskOptions, keyof EmphasisOptions | "augment">;
}

/**
 * What counts more in the training of an output.
 *
 * @throws {RangeError} if there are not as many weights as classes.
 * @throws {TypeError} if targets have no classes, or cannot be smoothed.
 */
function emphasisOf(action: string, { output, data, options }: EmphasisChoice): TaskEmphasis {
  const { name, network, objective } = output;
  const [classWeights, labelSmoothing] = [valueFor(options.classWeights, name), valueFor(options.labelSmoothing, name)];
  const set = targetsIn(data.training, name);
  if (classWeights !== undefined) checkWeighedClasses(action, { network, objective, set });
  const emphasis = {
    classWeights: classWeights === "balanced" ? balancedWeights(set, { network, objective }) : classWeights,
    labelSmoothing,
    mixedBy: mixing(options.augment ?? []),
  };
  checkEmphasis(action, { network, objective, emphasis });
  if (emphasis.classWeights) {
    checkCounted(action, set, { network, objective, weights: emphasis.classWeights });
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
