/**
 * Composed rules from the plain data that files contain.
 *
 * @module
 */

import { findNamed } from "../core/options/nested.ts";
import { count, finite } from "../core/options/numbers.ts";
import { custom } from "../core/options/option.ts";
import { readUntyped } from "../core/options/read.ts";
import { list, text } from "../core/options/values.ts";
import { chain, type ChainPart } from "./chain.ts";
import { accumulate, freeze } from "./chain_settings.ts";
import { clipByGlobalNorm, clipByValue } from "./clipping.ts";
import { isPartConfiguration } from "./description.ts";
import { masked, parametersOf } from "./masks.ts";
import { average, weightDecay } from "./parameter_transforms.ts";
import { updateRules } from "./registry.ts";
import { isRule, isTransform } from "./rule_kinds.ts";
import type { UpdateRule } from "./update_rule.ts";
import type { PartConfiguration } from "./update_transform.ts";

type Options = Readonly<Record<string, unknown>>;

const partOption = custom<PartConfiguration>({
  expected: "the name of a part of a rule, and its options",
  accepts: isPartConfiguration,
}, { required: true });

// The functions that take the numbers check their bounds.
const number = finite({ required: true });
const limit = { limit: number };
const patterns = list(text(), { required: true });

/** The functions that compose rules, by name, from options of a file. */
const composing: Readonly<Record<string, (options: Options) => ChainPart>> = {
  chain: (options) => {
    const { parts } = readUntyped("make chain", { parts: list(partOption, { required: true }) }, options);
    return chain(...parts.map(partOf));
  },
  masked: (options) => {
    const { patterns: names, part } = readUntyped("make masked", { patterns, part: partOption }, options);
    const mask = parametersOf(...names);
    const made = partOf(part);
    if (isRule(made)) return masked(mask, made);
    if (isTransform(made)) return masked(mask, made);
    throw new RangeError(`Cannot mask ${made.setting}: it concerns the whole chain`);
  },
  clipByValue: (options) => clipByValue(readUntyped("make clipByValue", limit, options).limit),
  clipByGlobalNorm: (options) => clipByGlobalNorm(readUntyped("make clipByGlobalNorm", limit, options).limit),
  weightDecay: (options) => weightDecay(readUntyped("make weightDecay", { rate: number }, options).rate),
  average: (options) => average(readUntyped("make average", { decay: number }, options).decay),
  accumulate: (options) =>
    accumulate(readUntyped("make accumulate", { steps: count({ required: true }) }, options).steps),
  freeze: (options) => freeze(parametersOf(...readUntyped("make freeze", { patterns }, options).patterns)),
};

/** All parts of rules by name, those of one step included. */
const makers: typeof composing = {
  ...Object.fromEntries(
    Object.entries(updateRules).map(([name, { make }]) => [name, (options: Options) => make(options)]),
  ),
  ...composing,
};

function partOf([name, options]: PartConfiguration): ChainPart {
  return findNamed(makers, name, "part of an update rule")(options);
}

/** Whether a name is that of a function that composes rules. */
export function isComposed(name: string): boolean {
  return Object.hasOwn(composing, name);
}

/**
 * The rule that a file contains.
 *
 * @throws {RangeError} if a name or an option is unknown, or a value out of bounds; the message has the nearest name.
 * @throws {TypeError} if an option is of another kind, or there is no rule.
 */
export function configuredRule(configuration: PartConfiguration): UpdateRule {
  const part = partOf(configuration);
  if (isRule(part)) return part;
  throw new TypeError(`Cannot use ${configuration[0]} as an update rule: expected a rule, such as a chain with one`);
}
