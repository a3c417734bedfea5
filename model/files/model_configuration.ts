/**
 * Converts models to plain data and back. The user's own functions are only named, and must be passed again.
 *
 * @module
 */

import { objectKind } from "../../core/options/kinds.ts";
import { findNamed, nameIn, type Registry } from "../../core/options/nested.ts";
import { configuredRule, isComposed } from "../../optim/configured_rule.ts";
import { functionConfiguration } from "../../optim/description.ts";
import {
  type ConfiguredObjective,
  fullName,
  getObjective,
  getUpdate,
  metricForms,
  objectiveForms,
  updateRules,
} from "../../optim/registry.ts";
import type { OneOrNamed } from "../../data/named.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { Objective } from "../../optim/objectives.ts";
import { isPerOutput, mapOutputs, valueFor } from "../per_output.ts";
import { activationName } from "../../layers/get_activation.ts";
import { anyPreprocessing, type FittedPreprocessing } from "../../data/steps/any_preprocessing.ts";
import { type Json, type JsonRecord, plainCopy, showJson } from "./json.ts";
import { showText } from "../../core/options/show.ts";
import type { ModelConfiguration, NamedOptions } from "./configuration.ts";
import { Hyperparameters, type HyperparameterValue, readHyperparameters } from "../hyperparameters.ts";
import type { Network } from "../network.ts";
import { type MakingNetwork, networkFrom } from "./network_configuration.ts";
import { DESCRIPTION, OWN_FUNCTION, withFunctions } from "./own_layer.ts";
import { findOwn, findOwnRule, missingFunction, type MissingPart, type OwnParts } from "./own_parts.ts";
import { makeFrom, MissingFunction } from "./schema.ts";
import { checkValues, type HyperparametersOrValues, type Updates } from "../training/settings.ts";

/** A model, as an argument. */
export const modelKind = objectKind("a model", "network", "parts");

/** The parts of a model that a configuration contains. */
export interface ConfiguredParts {
  readonly network: Network;
  readonly name?: string;
  readonly hyperparameters?: HyperparametersOrValues;
  readonly updates?: Updates;
  readonly objective?: OneOrNamed<Objective>;
  readonly chosenObjectives?: Readonly<Record<string, string>> | undefined;
  readonly lossWeights?: Readonly<Record<string, number>> | undefined;
  readonly evaluationMetric?: OneOrNamed<Objective>;
  readonly preprocessing?: FittedPreprocessing | undefined;
}

/** Parts that are used if a configuration names functions that it cannot contain. */
export type Substitutes = { readonly [P in keyof ConfiguredParts]?: ConfiguredParts[P] | undefined };

const objectivesAndMetrics = { ...objectiveForms, ...metricForms };

/** A part of a model; undefined, with a note of what is missing, if it needs a function that only the caller has. */
function unlessMissing<T>(missing: MissingFunction[], make: () => T): T | undefined {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof MissingFunction)) throw cause;
    missing.push(cause);
    return undefined;
  }
}

/** All that is missing in one error, so that it need not be passed one after the other. */
function allMissing(missing: readonly MissingFunction[]): MissingFunction {
  const [first, ...others] = missing;
  if (others.length === 0) return first;
  const also = others.map(({ message }) => message.replace(/^Cannot make the model: its configuration /, "it "));
  return new MissingFunction([first.message, ...also].join("; "), { cause: first });
}

/** The configuration of a model. */
export function configurationOf(parts: ConfiguredParts): ModelConfiguration {
  const { network, name, updates, objective, chosenObjectives, lossWeights, evaluationMetric, preprocessing } = parts;
  return {
    network: network.toConf(),
    ...(name !== undefined && { name }),
    ...(parts.hyperparameters && { hyperparameters: describeHyperparameters(parts.hyperparameters) }),
    ...(updates && { updates: describeUpdates(updates) }),
    ...(objective && { objective: mapOutputs(objective, describeObjective) }),
    ...(chosenObjectives && { chosenObjectives }),
    ...(lossWeights && { lossWeights }),
    ...(evaluationMetric && { evaluationMetric: mapOutputs(evaluationMetric, describeObjective) }),
    ...(preprocessing && { preprocessing: describePreprocessing(preprocessing) }),
  };
}

/**
 * The parts of a model from its configuration, which was checked.
 *
 * @throws {FileFormatError} instead of other errors, if there is a file; it names the part.
 * @throws {RangeError} for an unknown name; the message has the nearest known one.
 * @throws {TypeError} if a function is needed that a configuration cannot contain, and no substitute is given.
 */
export function partsFromConfiguration(
  conf: ModelConfiguration,
  substitutes: Substitutes = {},
  { file, own = {} }: MakingNetwork = {},
): ConfiguredParts {
  const { name, hyperparameters, updates, chosenObjectives, lossWeights, preprocessing } = conf;
  const context = { substitutes, own };
  const missing: MissingFunction[] = [];
  const part = <T>(path: keyof ModelConfiguration, make: () => T): T | undefined =>
    unlessMissing(missing, () => makeFrom({ file, path }, make));
  const rule = updates === undefined ? undefined : part("updates", () => readUpdates(updates, context));
  const values = hyperparameters &&
    part("hyperparameters", () => {
      const read = hyperparametersFrom(hyperparameters, context);
      if (file !== undefined) checkValues(substitutes.updates ?? rule ?? updateRules.sgd.make, read);
      return read;
    });
  const network = substitutes.network ?? unlessMissing(missing, () => networkFrom(conf.network, { file, own }));
  const [goal, metric] = (["objective", "evaluationMetric"] as const).map((name) => {
    const described = conf[name];
    return described && part(name, () => readObjectives(name, described, context));
  });
  if (missing.length > 0 || network === undefined) throw allMissing(missing);
  return {
    network,
    ...(name !== undefined && { name }),
    ...(values && { hyperparameters: values }),
    ...(rule && { updates: rule }),
    ...(goal && { objective: goal }),
    ...(chosenObjectives && { chosenObjectives: part("chosenObjectives", () => checkChosen(chosenObjectives)) }),
    ...(lossWeights && { lossWeights }),
    ...(metric && { evaluationMetric: metric }),
    ...(preprocessing && { preprocessing: part("preprocessing", () => anyPreprocessing(preprocessing)) }),
  };
}

/** The objectives that a training chose, if their names are known. */
function checkChosen(chosen: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name of Object.values(chosen)) findNamed(objectiveForms, fullName(name), "objective");
  return chosen;
}

function describeFunction<F extends (...args: never[]) => unknown>(
  one: F,
  known: Registry<unknown>,
  nameOf: (one: F) => string | undefined = () => undefined,
): NamedOptions {
  return nameIn(known, one) ?? [OWN_FUNCTION, { name: one.name || (nameOf(one) ?? "without a name") }];
}

/** The name of the rule that a function without a name makes, such as an arrow function that is passed directly. */
function nameOfMade(make: Exclude<Updates, UpdateRule>): string | undefined {
  try {
    return make({}).name;
  } catch {
    return undefined; // it needs hyperparameters
  }
}

function describePreprocessing({ configuration }: FittedPreprocessing): JsonRecord {
  return plainCopy(configuration) as JsonRecord;
}

function describeObjective(given: Objective | ConfiguredObjective): NamedOptions {
  return "configuration" in given ? given.configuration : describeFunction(given, objectivesAndMetrics);
}

function describeUpdates(given: Updates): NamedOptions {
  if (typeof given === "function") return describeFunction(given, updateRules, nameOfMade);
  const { name, options, configuration, description } = given;
  if (configuration) return configuration;
  if (options && Object.hasOwn(updateRules, name)) return [name, options];
  return [OWN_FUNCTION, { name, ...(description && { [DESCRIPTION]: description }) }];
}

function describeHyperparameters(given: HyperparametersOrValues): JsonRecord {
  const { values, ranges } = given instanceof Hyperparameters ? given : new Hyperparameters({ ...given }, {});
  const described = Object.entries<HyperparameterValue>(values).map(([name, value]): [string, Json] => {
    const range = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    return [name, range ? [describeValue(value), range.map(describeValue)] : describeValue(value)];
  });
  return Object.fromEntries(described);
}

/** Functions among the values are activations, which have names, or schedules, which have none. */
function describeValue(value: HyperparameterValue): Json {
  if (typeof value !== "function") return value;
  const activation = activationName(value as Parameters<typeof activationName>[0]);
  if (activation !== undefined) return activation;
  const description = functionConfiguration(value);
  return { [OWN_FUNCTION]: value.name, ...(description && { [DESCRIPTION]: description }) };
}

/** What stands for functions that a configuration only names. */
interface Replacements {
  readonly substitutes: Substitutes;
  readonly own: OwnParts;
}

function hyperparametersFrom(
  described: JsonRecord,
  { substitutes: { hyperparameters: substitute }, own: { functions } }: Replacements,
): HyperparametersOrValues {
  const values = withFunctions(described, functions) as JsonRecord;
  const own = Object.keys(values).filter((name) => [values[name]].flat(2).some((one) => !isPlainValue(one)));
  if (own.length > 0) {
    if (substitute) return substitute;
    throw new MissingFunction(
      `Cannot make the model: its configuration names your own functions as ${showText(own.join(", "))}, which a ` +
        "file cannot contain; pass it again as hyperparameters, or by name in functions",
    );
  }
  return readHyperparameters(values as Parameters<typeof readHyperparameters>[0]);
}

function isPlainValue(value: Json | ((...args: never[]) => unknown)): boolean {
  return typeof value !== "object" || value === null;
}

function readUpdates(described: NamedOptions, { substitutes, own: { rules } }: Replacements): Updates {
  const [name, options] = typeof described === "string" ? [described, undefined] : described;
  if (name === OWN_FUNCTION) {
    const ownName = ownNameIn(options);
    const cure = "pass it again as updates, or by name in rules";
    return substitutes.updates ?? findOwnRule(rules, ownName) ?? refuseOwn(ownName, { cure, known: rules });
  }
  if (options && isComposed(name)) return configuredRule([name, options]);
  const make = getUpdate(name);
  return options === undefined ? make : make(options);
}

/** A function, or one for each output by name. */
function readObjectives(
  part: "objective" | "evaluationMetric",
  described: OneOrNamed<NamedOptions>,
  { substitutes: { [part]: substitute }, own }: Replacements,
): OneOrNamed<Objective> {
  if (!isPerOutput(described)) {
    const given = substitute && isPerOutput(substitute) ? undefined : substitute;
    return readObjective({ part, path: part }, described, { substitute: given, own });
  }
  const read = Object.entries(described).map(([output, one]) => {
    const given = substitute && isPerOutput(substitute) ? valueFor(substitute, output) : undefined;
    return [output, readObjective({ part, path: `${part}.${output}` }, one, { substitute: given, own })] as const;
  });
  return Object.fromEntries(read);
}

/** A part of a model, and where it is in the configuration. */
interface PartPath {
  readonly part: "objective" | "evaluationMetric";
  readonly path: string;
}

/** What stands for a function that a configuration only names. */
interface Replacement {
  readonly substitute: Objective | undefined;
  readonly own: OwnParts;
}

function readObjective(
  { part, path }: PartPath,
  described: NamedOptions,
  { substitute, own: { objectives, metrics } }: Replacement,
): Objective {
  const [name, options] = typeof described === "string" ? [described, undefined] : described;
  if (name === OWN_FUNCTION) {
    const ownName = ownNameIn(options);
    const isMetric = part === "evaluationMetric";
    const found = (isMetric ? findOwn(metrics, ownName) : undefined) ?? findOwn(objectives, ownName);
    const option = isMetric ? "metrics" : "objectives";
    const cure = `pass it again as ${path}, or by name in ${option}`;
    return substitute ?? found ?? refuseOwn(ownName, { cure, known: isMetric ? metrics : objectives });
  }
  findNamed(objectivesAndMetrics, fullName(name), part);
  return getObjective(name, options);
}

/** The name of a function of the user's own; files may have anything there. */
function ownNameIn({ name = "" }: JsonRecord = {}): string {
  return typeof name === "string" ? name : showJson(name);
}

function refuseOwn(name: string, missing: MissingPart): never {
  throw missingFunction(name, missing);
}
