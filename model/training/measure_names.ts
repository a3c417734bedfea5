/**
 * The names of objectives and metrics.
 *
 * @module
 */

import type { Objective } from "../../optim/objectives.ts";
import { type ConfiguredObjective, measureName } from "../../optim/registry.ts";

/** The name of a measure. Bundlers may shorten the names of functions, so those of the library are looked up. */
export function nameOf(measure: Objective): string {
  return knownName(measure) ?? measure.name;
}

/** The options with which a measure was made, if it has any. */
export function optionsOf(measure: Objective): ConfiguredObjective["configuration"][1] {
  return (measure as Partial<ConfiguredObjective>).configuration?.[1] ?? {};
}

/** The name of a measure of this library, with options or without; undefined for your own functions. */
export function knownName(measure: Objective): string | undefined {
  return measureName(measure);
}
