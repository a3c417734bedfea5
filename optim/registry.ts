/**
 * Update rules, objectives and metrics by name, each with the options that it takes.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import type { Json } from "../core/json.ts";
import type { AnyDeclaration } from "../core/options/option.ts";
import { describeOptions, findNamed, nameIn, type Registry } from "../core/options/nested.ts";
import { readUntyped } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { adadelta, adadeltaOptions, adagrad, adagradOptions, rmsprop, rmspropOptions } from "./adaptive.ts";
import { adam, adamax, adamOptions, adamw, type AdamwOptions, adamwOptions, nadam } from "./adam.ts";
import type { AverageOptions } from "./adaptive.ts";
import { binaryAccuracy, binaryError, type BinaryOptions, binaryOptions } from "./metrics.ts";
import { categoricalAccuracy, categoricalError } from "./metrics.ts";
import * as form from "./objectives.ts";
import * as fromLogits from "./objectives_from_logits.ts";
import type { HuberOptions, Objective } from "./objectives.ts";
import type { FromLogitsOptions } from "./objectives_from_logits.ts";
import type { UpdateRule } from "./update_rule.ts";
import { momentum, type MomentumOptions, momentumOptions, nesterovMomentum, sgd, sgdOptions } from "./updates.ts";
import type { UpdateOptions } from "./updates.ts";

/** A function that makes an update rule; it takes the options that it declares. */
export type UpdateMaker = (options?: UpdateOptions) => UpdateRule;

/**
 * A function of your own that makes an update rule, with the options that it takes from hyperparameters:
 * `Object.assign(lion, { options: lionOptions })`. A function without them gets the options of the rules of this
 * library.
 */
export interface DeclaredUpdate extends UpdateMaker {
  /** The options, by name. */
  readonly options: AnyDeclaration;
}

/** The options of all update rules together; each rule takes those that it declares. */
export interface AllUpdateOptions extends MomentumOptions, AverageOptions, AdamwOptions {}

/** The update rules by name, with their options. A new rule needs only its line here. */
export const updateRules: Registry<UpdateMaker> = {
  sgd: { make: sgd, options: sgdOptions },
  momentum: { make: momentum, options: momentumOptions },
  nesterovMomentum: { make: nesterovMomentum, options: momentumOptions },
  adagrad: { make: adagrad, options: adagradOptions },
  rmsprop: { make: rmsprop, options: rmspropOptions },
  adadelta: { make: adadelta, options: adadeltaOptions },
  adam: { make: adam, options: adamOptions },
  adamax: { make: adamax, options: adamOptions },
  nadam: { make: nadam, options: adamOptions },
  adamw: { make: adamw, options: adamwOptions },
};

/** The update rules by name. */
export const updates: Readonly<Record<string, UpdateMaker>> = makersOf(updateRules);

/**
 * The function that makes the update rule of a name.
 *
 * @throws {RangeError} if the name is unknown; the message suggests the nearest one.
 *
 * @example
 * ```ts
 * import { getUpdate } from "@yadll/yadll/optim";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(getUpdate("adam")({ learningRate: 0.01 }).name, "adam");
 * ```
 */
export function getUpdate(name: string): UpdateMaker {
  refuseSurplus("getUpdate", arguments, 1);
  return findNamed(updateRules, name, "update rule").make;
}

/** A function of predictions and targets that may take options, too. */
export type ObjectiveForm = (
  prediction: Tensor,
  target: Tensor,
  options?: HuberOptions & FromLogitsOptions & BinaryOptions,
) => Tensor;

/** An objective with chosen options, which files contain. */
export interface ConfiguredObjective extends Objective {
  /** Its name among {@linkcode objectiveForms}, and its options. */
  readonly configuration: readonly [name: string, options: Readonly<Record<string, Json>>];
}

/** The objectives by name, with their options. */
export const objectiveForms: Registry<ObjectiveForm> = {
  meanSquaredError: { make: form.meanSquaredError, options: {} },
  rootMeanSquaredError: { make: form.rootMeanSquaredError, options: {} },
  meanAbsoluteError: { make: form.meanAbsoluteError, options: {} },
  binaryHingeError: { make: form.binaryHingeError, options: {} },
  categoricalHingeError: { make: form.categoricalHingeError, options: {} },
  binaryCrossentropyError: { make: form.binaryCrossentropyError, options: {} },
  binaryCrossentropyFromLogits: { make: fromLogits.binaryCrossentropyFromLogits, options: {} },
  categoricalCrossentropyError: { make: form.categoricalCrossentropyError, options: {} },
  categoricalCrossentropyFromLogits: {
    make: fromLogits.categoricalCrossentropyFromLogits,
    options: fromLogits.fromLogitsOptions,
  },
  kullbackLeiblerDivergence: { make: form.kullbackLeiblerDivergence, options: {} },
  huberError: { make: form.huberError, options: form.huberOptions },
};

/** The metrics by name, with their options. */
export const metricForms: Registry<ObjectiveForm> = {
  binaryAccuracy: { make: binaryAccuracy, options: binaryOptions },
  binaryError: { make: binaryError, options: binaryOptions },
  categoricalAccuracy: { make: categoricalAccuracy, options: {} },
  categoricalError: { make: categoricalError, options: {} },
};

/** The short names of objectives. */
export const shortNames: Readonly<Record<string, string>> = {
  mse: "meanSquaredError",
  rmse: "rootMeanSquaredError",
  mae: "meanAbsoluteError",
  bhe: "binaryHingeError",
  che: "categoricalHingeError",
  bce: "binaryCrossentropyError",
  cce: "categoricalCrossentropyError",
  kld: "kullbackLeiblerDivergence",
};

const measureForms: Registry<ObjectiveForm> = { ...objectiveForms, ...metricForms };

/** The full name of an objective for a short one; other names are returned as they are. */
export function fullName(name: string): string {
  return typeof name === "string" && Object.hasOwn(shortNames, name) ? shortNames[name] : name;
}

/** The objectives by name. */
export const objectives: Readonly<Record<string, Objective>> = makersOf(objectiveForms);

/** The metrics by name. */
export const metrics: Readonly<Record<string, Objective>> = makersOf(metricForms);

function makersOf<F>(registry: Registry<F>): Readonly<Record<string, F>> {
  return Object.fromEntries(Object.entries(registry).map(([name, { make }]) => [name, make]));
}

/**
 * The objective or metric of a name, which may be a short one such as `mse`, with options if it takes any.
 *
 * @throws {RangeError} if the name or an option is unknown; the message suggests the nearest one.
 * @throws {TypeError} if the value of an option is of another kind.
 *
 * @example
 * ```ts
 * import { getObjective, meanSquaredError } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([getObjective("meanSquaredError"), getObjective("mse")], [meanSquaredError, meanSquaredError]);
 * const tolerant = getObjective("huberError", { delta: 2 });
 * assertEquals(await tolerant(tensor([[4]]), tensor([[0]])).toArray(), [6]);
 * ```
 */
export function getObjective(name: string, options: Readonly<Record<string, unknown>> = {}): Objective {
  refuseSurplus("getObjective", arguments, 2);
  const known = fullName(name);
  const { make, options: declaration } = findNamed(measureForms, known, "objective");
  const values = readUntyped(`make objective ${name}`, declaration, options);
  if (Object.keys(options).length === 0) return make;
  const configured = (prediction: Tensor, target: Tensor): Tensor => make(prediction, target, values);
  return Object.assign(configured, { configuration: [known, describeOptions(declaration, values)] as const });
}

/** The name of an objective or metric of this library, with options or without; undefined for your own functions. */
export function measureName(measure: Objective): string | undefined {
  return (measure as Partial<ConfiguredObjective>).configuration?.[0] ?? nameIn(measureForms, measure);
}

/** Functions whose greater values are better. */
const ACCURACIES: ReadonlySet<string | undefined> = new Set(["binaryAccuracy", "categoricalAccuracy"]);

/** Which values of the function of a name are better. */
export function directionOf(name: string | undefined): "maximize" | "minimize" {
  return ACCURACIES.has(name) ? "maximize" : "minimize";
}
