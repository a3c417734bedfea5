/**
 * The search space of a command line: lists of values, and ranges to draw from.
 *
 * @module
 */

import {
  type Declaration,
  type Hyperparameters,
  hyperparameters,
  type HyperparameterValues,
} from "../../model/hyperparameters.ts";
import { between, type Distribution, logBetween, wholeBetween } from "../../model/search/distribution.ts";
import { UsageError } from "../errors.ts";
import type { Example, Setting, Settings } from "../example.ts";
import {
  type Assignment,
  checkMomentum,
  checkSetOnce,
  chooseModel,
  readSetting,
  type Settable,
  settingName,
} from "../settings.ts";
import { asUsage } from "./run_search.ts";

/** The search space, and how values are drawn from it. */
export interface Space {
  readonly space: Hyperparameters<HyperparameterValues>;
  readonly distributions: Readonly<Record<string, Distribution>>;
}

/** The settings of a command line that define the combinations. */
export interface SpaceWishes {
  readonly update: string | undefined;
  readonly set: readonly Assignment[];
  readonly direct: Settings;
  /** Whether combinations are drawn at random. */
  readonly isRandom: boolean;
  /** Settings of every combination in addition to its hyperparameters, such as the location of the data. */
  readonly fixed: Settings;
}

/** `0.001..1`, or `log:0.001..1`. */
const rangePattern = /^(?<log>log:)?(?<low>[^.].*?)\.\.(?<high>.+)$/;

/**
 * The search space of a network: `name=a,b,c` for the values to try, `name=low..high` and `name=log:low..high` for the
 * ranges from which a random search draws.
 *
 * @throws {UsageError} if a hyperparameter is unknown, a value is invalid, or there is nothing to search.
 */
export function spaceOf(network: string, example: Example, wishes: SpaceWishes): Space {
  const { set, isRandom, fixed, direct } = wishes;
  checkSetOnce(wishes);
  const updateRange = set.findLast(({ name }) => name.toLowerCase() === "update")?.text.split(",");
  const rules = updateRange ? updateRange.map((text) => String(readSetting("update", text, example))) : [];
  const fixedRule = wishes.update ?? example.update ?? "momentum";
  const settable = { network, example, updates: rules.length > 0 ? rules : [fixedRule] };
  checkMomentum(set, settable);
  const named = new Map(set.map(({ name, text }) => [settingName(name, settable), text]));
  const distributions: Record<string, Distribution> = {};
  const lists: Record<string, readonly Setting[]> = {};
  for (const [name, text] of named) {
    const range = rangePattern.exec(text)?.groups;
    if (range) distributions[name] = distributionOf(name, range, example);
    else lists[name] = text.split(",").map((one) => readSetting(name, one, example));
  }
  if (!isRandom && Object.keys(distributions).length > 0) {
    throw new UsageError(`a range such as ${named.get(Object.keys(distributions)[0])} needs --random N`);
  }
  const { update, hyperparameters: values } = chooseModel(network, example, { update: wishes.update, set: [], direct });
  checkValues(settable, { ...values, update }, lists);
  const declared = declarationsOf({ ...fixed, ...values, update }, lists, distributions);
  return { space: asUsage(() => hyperparameters(declared)), distributions };
}

function distributionOf(
  name: string,
  { log, low, high }: Record<string, string | undefined>,
  example: Example,
): Distribution {
  const [from, to] = [low, high].map((text) => readSetting(name, text ?? "", example));
  if (typeof from !== "number" || typeof to !== "number") {
    throw new UsageError(`hyperparameter ${name} cannot be drawn from a range: expected a list such as ${name}=a,b`);
  }
  const isWhole = [from, to, example.hyperparameters[name]].every(Number.isInteger);
  return asUsage(() => log ? logBetween(from, to) : isWhole ? wholeBetween(from, to) : between(from, to));
}

/** Throws for values that the layers cannot have; each is checked separately. */
function checkValues(
  { network, example }: Settable,
  base: Settings,
  lists: Readonly<Record<string, readonly Setting[]>>,
): void {
  for (const [name, values] of Object.entries(lists)) {
    for (const value of values) {
      const { update, ...direct } = { ...base, [name]: value };
      chooseModel(network, example, { update: String(update), set: [], direct });
    }
  }
}

function declarationsOf(
  fixed: Settings,
  lists: Readonly<Record<string, readonly Setting[]>>,
  distributions: Readonly<Record<string, Distribution>>,
): Record<string, Declaration> {
  const searched = Object.entries(lists).map(([name, values]): [string, Declaration] => [
    name,
    values.length === 1 ? values[0] : [values[0], values],
  ]);
  const drawn = Object.entries(distributions).map((
    [name, { low }],
  ): [string, Declaration] => [name, fixed[name] ?? low]);
  const ranged = Object.fromEntries([...searched, ...drawn]);
  const rest = Object.entries(fixed).filter(([name]) => !Object.hasOwn(ranged, name));
  // Combinations are numbered in the order in which the ranges are given.
  return { ...Object.fromEntries(rest), ...ranged };
}
