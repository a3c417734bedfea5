/**
 * Whether data fit a network, and what it learns.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { showValue } from "../core/options/show.ts";
import { sameShape, type Shape, showShape } from "../core/shape.ts";
import type { NamedData } from "../data/data.ts";
import { labelOf, namesIn, type OneOrNamed, partsIn } from "../data/named.ts";
import type { LayerShape } from "../layers/layer.ts";
import { checkTokens } from "./check_tokens.ts";
import type { ResolvedParts } from "./model_options.ts";
import type { Objective } from "../optim/objectives.ts";
import type { Network } from "./network.ts";
import { valueFor } from "./per_output.ts";
import { type NetworkOutput, outputsOf, type TargetData, targetsOf } from "./target_data.ts";
import { isCategorical } from "./training/choose_task.ts";
import { countClasses, ignoredBy } from "./training/ignored_class.ts";
import { knownName } from "./training/measure_names.ts";
import type { Task } from "./training/task.ts";
import { unitsIn } from "./training/unit_count.ts";

/** The functions that decide which classes count. */
type Measures = Pick<ResolvedParts, "objective" | "evaluationMetric">;

/** A network, and data for it. */
interface Fitted {
  readonly network: Network;
  readonly data: NamedData;
}

/** Throws if data do not fit a network, so it cannot be trained on them. */
export function checkFit(measures: Measures, { network, data }: Fitted, batchSize: number): void {
  checkData("train", { network, data }, measures);
  const { name, training } = data;
  const odd = network.inputShapes.find(([extent]) =>
    extent !== null && (extent !== batchSize || batchSize > training.length)
  );
  if (odd !== undefined) {
    throw new TypeError(
      `Cannot train ${showValue(network.name)} on ${name}: expected batches of ${odd[0]}, as its input requires, ` +
        `got batchSize ${batchSize} of ${training.length}`,
    );
  }
}

/** Why data do not fit. */
type Refuse = (expected: string, got: string) => TypeError;

/**
 * Throws if a network cannot take the samples of data, or cannot have their classes.
 *
 * @param action what is done with them, for the message: `train`
 * @throws {TypeError} with what the network takes, and what the data have.
 * @throws {RangeError} if inputs are tokens that the network does not have.
 */
export function checkData(action: string, { network, data }: Fitted, measures: Measures): void {
  const refuse: Refuse = (expected, got) =>
    new TypeError(`Cannot ${action} ${showValue(network.name)} on ${data.name}: expected ${expected}, got ${got}`);
  const { sampleShape, classes } = data;
  checkPartNames(refuse, { label: "x", things: "inputs" }, [network.inputNames, namesIn(sampleShape, isShape)]);
  checkPartNames(refuse, { label: "y", things: "outputs" }, [
    network.outputNames,
    typeof classes === "object" ? Object.keys(classes) : undefined,
  ]);
  for (const { name, value } of partsIn(sampleShape, isShape)) {
    const layer = name === undefined ? 0 : network.inputNames.indexOf(name);
    checkShape(refuse, network.inputShapes[layer] ?? [], { name, shape: value });
  }
  checkTokens(action, network, data);
  for (const output of outputsOf(network)) {
    const [objective, metric] = [
      valueFor(measures.objective, output.name),
      valueFor(measures.evaluationMetric, output.name),
    ];
    // Functions that do not compare classes decide what the numbers mean, as for a network with one output.
    const areOwn = objective && metric && ![objective, metric].some(isCategorical);
    const hasClasses = unitsIn(output.network.outputShape) > 1;
    const fitted = { ...output, data: targetsOf(data, output.name) };
    if (hasClasses && !areOwn) checkCount(action, fitted, objective);
    const isKnown = objective === undefined || knownName(objective) !== undefined;
    if (typeof classes === "object" && isKnown) checkParts(refuse, fitted);
  }
}

/** Throws unless the targets and the weights of all sets fit one of several outputs. */
function checkParts(refuse: Refuse, fitted: FittedOutput): void {
  checkTargetShape(refuse, fitted);
  const { name, network: { outputShape }, data: { training, validation, test } } = fitted;
  for (const [title, set] of Object.entries({ training, validation, test })) {
    const [, ...own] = set?.rows.weights?.shape ?? [];
    if (own.every((_, i) => i + 1 < outputShape.length - 1)) continue;
    throw refuse(
      `weights of one number per example, since the output ${name} has no time steps`,
      `[${["example", ...own].join(", ")}] in the ${title} set`,
    );
  }
}

/** Throws unless targets have the shape of an output, or that of its class numbers. */
function checkTargetShape(refuse: Refuse, { name, network: { outputShape }, data }: FittedOutput): void {
  const shape = data.training.rows.y.shape.slice(1);
  const inner = outputShape.slice(1).map((extent, i) => extent ?? shape[i] ?? 0);
  if ([inner, inner.slice(0, -1), [...inner, 1]].some((one) => sameShape(one, shape))) return;
  throw refuse(`targets of ${showShape(inner)}, the output ${name}, as ${labelOf("y", name)}`, showShape(shape));
}

function isShape(given: OneOrNamed<Shape>): given is Shape {
  return Array.isArray(given);
}

/** The parts of sets that have names, in messages. */
interface PartLabel {
  readonly label: "x" | "y";
  /** What the parts of a network are: `inputs`. */
  readonly things: string;
}

type Names = readonly string[];

/** Throws unless the parts of a set have the names of those of the network, in any order, or both are one. */
function checkPartNames(
  refuse: Refuse,
  { label, things }: PartLabel,
  [known, given]: readonly [known: Names, given: Names | undefined],
): void {
  if (given === undefined && known.length <= 1) return;
  const expected = known.length === 1
    ? `${label} for the ${things.slice(0, -1)} ${known[0]} of the network`
    : `${label} by the names of its ${things} ${known.join(", ")}`;
  if (given === undefined) throw refuse(expected, `one ${label} without a name; pass a record by these names`);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined && given.length === known.length) return;
  const nearest = unknown === undefined ? undefined : nearestName(unknown, known);
  throw refuse(
    expected,
    `${label} with ${given.join(", ")}${nearest === undefined ? "" : `; did you mean ${nearest}?`}`,
  );
}

/** Throws unless samples have the shape of an input layer. */
function checkShape(
  refuse: Refuse,
  input: LayerShape,
  { name, shape }: { readonly name: string | undefined; readonly shape: Shape },
): void {
  const inner = input.slice(1);
  if (sameShape(inner.map((extent, i) => extent ?? shape[i] ?? 0), shape)) return;
  const layer = name === undefined ? "the input of the network" : `the input layer ${name}, as ${labelOf("x", name)}`;
  throw refuse(`samples of ${showShape(inner)}, ${layer}`, showShape(shape));
}

/** Throws if data have more classes than a network has outputs, unless the functions of the task do not compare classes. */
export function checkClasses({ outputs }: Task, data: NamedData): void {
  for (const { name, network, objective, error } of outputs) {
    if (![objective, error].some((one) => one !== null && isCategorical(one))) continue;
    checkCount("train", { name, network, data: targetsOf(data, name) }, objective);
  }
}

/** An output, and its targets. */
interface FittedOutput extends NetworkOutput {
  readonly data: TargetData;
}

function checkCount(action: string, { network, data }: FittedOutput, objective: Objective | undefined): void {
  const units = network.outputShape.at(-1) ?? Infinity;
  const { name, classes = 0 } = data;
  if (classes <= units) return;
  const ignored = objective && ignoredBy(objective);
  const counted = ignored === undefined ? classes : countClasses(data, ignored);
  if (counted <= units) return;
  throw new TypeError(
    `Cannot ${action} ${showValue(network.name)} on ${name}: expected at most ${units} classes, its outputs, ` +
      `got ${counted}; ${ignoringCure(objective)}`,
  );
}

/** How to say which targets do not count. What an objective of one's own ignores is not known to the default metric. */
function ignoringCure(objective: Objective | undefined): string {
  if (objective === undefined || knownName(objective) !== undefined) {
    return "targets that do not count are named by ignoreIndex of categoricalCrossentropyFromLogits";
  }
  return "the metric counts all targets, whichever the objective ignores; if one class does not count, pass the objective " +
    'getObjective("categoricalCrossentropyFromLogits", { ignoreIndex }), otherwise an evaluationMetric of your own';
}
