/**
 * Update rules by name.
 *
 * @module
 */

import { suggestName } from "../core/nearest.ts";
import { adadelta, adagrad, rmsprop } from "./adaptive.ts";
import { adam, adamax, adamw, nadam } from "./adam.ts";
import type { UpdateRule } from "./update_rule.ts";
import { momentum, nesterovMomentum, sgd, type UpdateOptions } from "./updates.ts";

/** A function that makes an update rule; each takes the options it knows. */
export type UpdateMaker = (options?: UpdateOptions) => UpdateRule;

/** The update rules by name. */
export const updates: Readonly<Record<string, UpdateMaker>> = {
  sgd,
  momentum,
  nesterovMomentum,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamax,
  nadam,
  adamw,
};

/**
 * The function that makes the rule of this name.
 *
 * @throws {RangeError} for an unknown name; the message has the nearest known one.
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
  if (Object.hasOwn(updates, name)) return updates[name];
  throw new RangeError(`Cannot find update rule ${JSON.stringify(name)}${suggestName(name, Object.keys(updates))}`);
}
