/**
 * Tells the parts of rules apart.
 *
 * @module
 */

import { objectKind } from "../core/options/kinds.ts";
import type { UpdateRule } from "./update_rule.ts";
import type { PartConfiguration, UpdateTransform } from "./update_transform.ts";

/** An update rule, as an argument. */
export const ruleKind = objectKind<UpdateRule>("an update rule", "init", "update");

const transformKind = objectKind<UpdateTransform>("a transform", "init", "apply");

/** Whether a value is an update rule. */
export function isRule(value: unknown): value is UpdateRule {
  return ruleKind.accepts(value);
}

/** Whether a value is a transform. */
export function isTransform(value: unknown): value is UpdateTransform {
  return transformKind.accepts(value);
}

/** A rule or a transform as plain data; `undefined` if it contains a function. */
export function configurationOf(part: UpdateRule | UpdateTransform): PartConfiguration | undefined {
  if (part.configuration || !("options" in part) || part.options === undefined) return part.configuration;
  return [part.name, part.options];
}
