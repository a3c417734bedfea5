/**
 * Parts of rules as plain data that tells them apart, also if they contain functions. Files keep it of parts that they
 * cannot contain, so a training is resumed with the same ones only.
 *
 * @module
 */

import { type Json, plainJson } from "../core/json.ts";
import type { Mask } from "./masks.ts";
import { configurationOf } from "./rule_kinds.ts";
import type { Schedule, UpdateRule } from "./update_rule.ts";
import type { PartConfiguration, UpdateTransform } from "./update_transform.ts";

/**
 * A schedule with the name and the options of the function that made it, so that files can tell it from others. The
 * function itself must have no name, because files of older versions say so.
 */
export function describedSchedule(rate: Schedule, name: string, options: object): Schedule {
  return Object.assign(rate, { configuration: [name, describeOptions(options)] as const });
}

/** Options as plain data. */
export function describeOptions(options: object): PartConfiguration[1] {
  return Object.fromEntries(Object.entries<unknown>({ ...options }).map(([name, one]) => [name, describe(one)]));
}

/** The configuration of a function, such as a schedule of this library; `undefined` if it has none. */
export function functionConfiguration(value: (...args: never[]) => unknown): PartConfiguration | undefined {
  const { configuration }: { readonly configuration?: unknown } = value as Partial<Schedule>;
  return isPartConfiguration(configuration) ? configuration : undefined;
}

/** Whether a value has the form of the name and the options of a part. */
export function isPartConfiguration(value: unknown): value is PartConfiguration {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "object" &&
    value[1] !== null && !Array.isArray(value[1]);
}

/** A value as plain data: functions by their configuration, others by their name. */
function describe(value: unknown): Json {
  // JSON has no infinite numbers.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "function") return plainJson(value);
  return functionConfiguration(value as (...args: never[]) => unknown) ?? { function: value.name };
}

/** The patterns of a mask; of one without patterns, only its name can be told. */
export function describeMask(mask: Mask): Json {
  return mask.patterns ?? { function: mask.name };
}

/** A rule or a transform as plain data; of those of the user's own, only the name can be told. */
export function describePart(part: UpdateRule | UpdateTransform): Json {
  return configurationOf(part) ?? part.description ?? { function: part.name };
}
