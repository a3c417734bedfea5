/**
 * Layers and functions of the user's own, which files only name.
 *
 * @module
 */

import { nearestName } from "../../core/nearest.ts";
import { custom, type Declaration, kindRefusal, type Option, type Refusal } from "../../core/options/option.ts";
import { showText, showValue } from "../../core/options/show.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Layer } from "../../layers/layer.ts";
import { activationNames } from "../../layers/get_activation.ts";
import { initializerNames } from "../../layers/initialization/get_initializer.ts";
import { layerKinds } from "../../layers/registry.ts";
import { isComposed } from "../../optim/configured_rule.ts";
import type { Objective } from "../../optim/objectives.ts";
import { fullName, metricForms, objectiveForms, updateRules } from "../../optim/registry.ts";
import { isRule } from "../../optim/rule_kinds.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { UpdateHyperparameters } from "../training/settings.ts";
import { isPlainRecord } from "./json.ts";
import { MissingFunction } from "./schema.ts";

/**
 * Makes a layer from the layer whose output is its input, or from a list if there are several or none, and from its
 * configuration and name.
 */
export type OwnLayer = (incoming: never, options: never) => Layer;

/** A rule, or a function that makes it from hyperparameters. */
export type OwnRule = UpdateRule | ((options: UpdateHyperparameters) => UpdateRule);

/** Parts by the names that files have for them, or a list of functions and rules whose own names are these. */
export type ByName<T> = Readonly<Record<string, T>> | readonly T[];

/**
 * Layers and functions of your own, which a file only names. They are used where the file names them; a file need not
 * name all of them. A function with a name of this library is refused.
 */
export interface OwnParts {
  /**
   * The functions that make your own layers, by kind. In a list, the kind is the name of the function, whose first letter
   * may be a small one: `learnedRectifier` makes layers of the kind `LearnedRectifier`. A function gets the layer whose
   * output is its input, or a list if there are several or none, then the configuration of the layer and its name.
   */
  readonly layers?: ByName<OwnLayer> | undefined;
  /** Your own objectives. */
  readonly objectives?: ByName<Objective> | undefined;
  /** Your own metrics per example; one that is not here is looked up among the objectives. */
  readonly metrics?: ByName<Objective> | undefined;
  /** Your own update rules, or functions that make them from the hyperparameters of the file. */
  readonly rules?: ByName<OwnRule> | undefined;
  /** Your own activations, initializers and schedules: all functions in the options of layers and in hyperparameters. */
  readonly functions?: ByName<(...args: never[]) => Tensor> | undefined;
}

interface NamedParts {
  /** The parts in words, for messages: `functions that make layers`. */
  readonly expected: string;
  readonly accepts: (part: unknown) => boolean;
  /** Whether a name is one of this library. */
  readonly isTaken: (name: string) => boolean;
  readonly help: string;
}

function isFunction(part: unknown): boolean {
  return typeof part === "function";
}

function nameOf(part: unknown): string {
  return (part as { readonly name?: unknown }).name as string;
}

/** The entries of a record, or the items of a list with their names. */
function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Array.isArray(value) ? Array.from(value, (one) => [nameOf(one ?? {}), one] as const) : Object.entries(value);
}

/** An option whose value are parts by name. */
function namedParts<T>({ expected: parts, accepts, isTaken, help }: NamedParts): Option<ByName<T>> {
  const expected = `a record of ${parts} by name, or a list of them`;
  const problemOf = (value: unknown): Refusal | undefined => {
    const isList = Array.isArray(value);
    if (!isList && !isPlainRecord(value)) return kindRefusal(expected, value);
    const seen = new Set<string>();
    for (const [i, [name, part]] of entriesOf(value).entries()) {
      const path = isList ? `[${i}]` : `.${showText(name)}`;
      if (!accepts(part)) return { ...kindRefusal(`one of the ${parts}`, part), path };
      const odd = oddName(name, { isList, isTaken: isTaken(name), isRepeated: seen.has(name) });
      if (odd) return { problem: "bounds", path, expected: odd, got: showValue(name) };
      seen.add(name);
    }
    return undefined;
  };
  return custom<ByName<T>>({
    expected,
    accepts: (value): value is ByName<T> => problemOf(value) === undefined,
    refuse: (value) => problemOf(value) ?? kindRefusal(expected, value),
  }, { help });
}

interface NameFacts {
  readonly isList: boolean;
  readonly isTaken: boolean;
  readonly isRepeated: boolean;
}

/** What the name of a part should be, if it cannot be used. */
function oddName(name: string, { isList, isTaken, isRepeated }: NameFacts): string | undefined {
  if (isTaken) return "named like none of this library";
  if (!isList) return undefined;
  if (name === "" || typeof name !== "string") return "a function that has a name (a record gives it one)";
  return isRepeated ? "named like no other of the list" : undefined;
}

/** The kind of the layers that a function of this name makes, by convention. */
function kindFor(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function isMeasure(name: string): boolean {
  return Object.hasOwn(objectiveForms, fullName(name)) || Object.hasOwn(metricForms, name);
}

/** {@linkcode OwnParts}, declared. */
export const ownPartsOptions = {
  layers: namedParts<OwnLayer>({
    expected: "functions that make layers",
    accepts: isFunction,
    isTaken: (name) => layerKinds.includes(name) || layerKinds.includes(kindFor(String(name))),
    help: "functions that make your own layers, by kind",
  }),
  objectives: namedParts<Objective>({
    expected: "objectives",
    accepts: isFunction,
    isTaken: isMeasure,
    help: "your own objectives",
  }),
  metrics: namedParts<Objective>({
    expected: "functions of predictions and targets",
    accepts: isFunction,
    isTaken: isMeasure,
    help: "your own metrics per example",
  }),
  rules: namedParts<OwnRule>({
    expected: "update rules, or functions that make them",
    accepts: (part) => isFunction(part) || isRule(part),
    isTaken: (name) => Object.hasOwn(updateRules, name) || isComposed(name),
    help: "your own update rules, or functions that make them",
  }),
  functions: namedParts<(...args: never[]) => Tensor>({
    expected: "functions",
    accepts: isFunction,
    isTaken: (name) => activationNames.includes(name) || initializerNames.includes(name),
    help: "your own activations, initializers and schedules",
  }),
} satisfies Declaration<OwnParts>;

/** The part that a file names; `undefined` if it was not passed. */
export function findOwn<T>(parts: ByName<T> | undefined, name: string): T | undefined {
  const found = entriesOf(parts ?? {}).find(([known]) => known === name);
  return found?.[1] as T | undefined;
}

/**
 * The rule, or the function that makes it, which a file names; `undefined` if it was not passed. Files have the name of
 * the function, which may differ from that of the variable, and so from the key of a record:
 * `const lion = Object.assign(makeLion, { options })`.
 */
export function findOwnRule(rules: OwnParts["rules"], name: string): OwnRule | undefined {
  const alike = Object.values<OwnRule>(rules ?? {}).filter((rule) => rule.name === name);
  return findOwn(rules, name) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** The function that makes layers of a kind; `undefined` if it was not passed. */
export function findOwnLayer(layers: OwnParts["layers"], kind: string): OwnLayer | undefined {
  const found = findOwn(layers, kind);
  if (found !== undefined || !Array.isArray(layers)) return found;
  return layers.find((make: OwnLayer) => kindFor(make.name) === kind);
}

/** The kinds of layers of the user's own. */
export function kindsOf(layers: OwnParts["layers"]): readonly string[] {
  return entriesOf(layers ?? {}).map(([name]) => Array.isArray(layers) ? kindFor(name) : name);
}

/** Where a configuration names a function of the user's own, and how it can be passed. */
export interface MissingPart {
  /** Its use: `as activation of DenseLayer "hidden"`; default: the cure says it. */
  readonly where?: string;
  readonly cure: string;
  /** The parts that were passed. */
  readonly known: ByName<unknown> | undefined;
}

/** The error of a part that only the caller can pass. */
export function missingFunction(name: string, { where = "", cure, known = {} }: MissingPart): MissingFunction {
  const near = nearestName(name, entriesOf(known).map(([one]) => one));
  return new MissingFunction(
    `Cannot make the model: its configuration names your own function ${showValue(name)}${where && ` ${where}`}, ` +
      `which a file cannot contain; ${near === undefined ? cure : `did you mean ${near}?`}`,
  );
}
