/**
 * Differences between the configurations of two models, including those of rules and schedules that a file only names.
 *
 * @module
 */

import { isPartConfiguration } from "../../optim/description.ts";
import type { ModelConfiguration } from "./configuration.ts";
import { differences } from "./differences.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { DESCRIPTION, OWN_FUNCTION } from "./own_layer.ts";

/** The part of a configuration that is compared. */
export interface ComparableConfiguration extends Omit<ModelConfiguration, "name" | "preprocessing"> {
  readonly hyperparameters: JsonRecord;
}

/** The parts of a configuration that are compared as they are. */
interface ComparedParts {
  readonly network: ModelConfiguration["network"];
}

/** A configuration without descriptions, and these by their paths. */
interface Taken {
  readonly configuration: ComparedParts;
  readonly descriptions: ReadonlyMap<string, Json>;
}

/**
 * The differences between the configurations of a saved model and of another, one text for each. Descriptions are
 * compared as far as the saved one has them: files of older versions have none.
 */
export function configurationDifferences(saved: ComparableConfiguration, other: ComparableConfiguration): string[] {
  const [wanted, found] = [saved, other].map(withoutDescriptions);
  const named = [
    ...differences(withNamedLayers(wanted.configuration), withNamedLayers(found.configuration)),
    ...orderDifferences(saved, other),
  ];
  const described = [...wanted.descriptions]
    // Of what differs by name already, nothing more needs to be said.
    .filter(([path]) => !named.some((problem) => problem.startsWith(`${path}:`) || problem.startsWith(`${path}.`)))
    .flatMap(([path, description]) => partDifferences(path, description, found.descriptions.get(path)));
  return [...named, ...described];
}

/** A configuration whose layers are found by their names, so that differences name the option of one of them. */
function withNamedLayers(configuration: ComparedParts): object {
  const { network } = configuration;
  return { ...configuration, network: { ...network, layers: layersByName(network) } };
}

function layersByName({ layers }: ModelConfiguration["network"]): object {
  return Object.fromEntries(layers.map(({ name, ...layer }) => [name, layer]));
}

/** The difference of two networks that have the same layers in another order. */
function orderDifferences(
  { network: wanted }: ComparableConfiguration,
  { network: found }: ComparableConfiguration,
): string[] {
  const [here, there] = [wanted, found].map(({ layers }) => layers.map(({ name }) => name));
  const areSame = here.length === there.length && here.every((name) => there.includes(name));
  if (!areSame || here.every((name, i) => name === there[i])) return [];
  return [`network.layers: ${here.join(", ")}, not ${there.join(", ")}`];
}

function withoutDescriptions({ updates, hyperparameters, ...others }: ComparableConfiguration): Taken {
  const descriptions = new Map<string, Json>();
  const take = (path: string, named: JsonRecord): JsonRecord => {
    const { [DESCRIPTION]: description, ...rest } = named;
    if (description !== undefined) descriptions.set(path, description);
    return rest;
  };
  const isOwn = updates !== undefined && typeof updates !== "string" && updates[0] === OWN_FUNCTION;
  const rule = isOwn ? [updates[0], take("updates", updates[1])] : updates;
  const values = Object.entries(hyperparameters).map(([name, value]) => {
    const isFunction = isJsonRecord(value) && Object.hasOwn(value, OWN_FUNCTION);
    return [name, isFunction ? take(`hyperparameters.${name}`, value) : value] as const;
  });
  const configuration = {
    ...others,
    ...(rule !== undefined && { updates: rule }),
    hyperparameters: Object.fromEntries(values),
  };
  return { configuration, descriptions };
}

function isJsonRecord(value: Json): value is JsonRecord {
  return isRecord(value);
}

/** The differences of two descriptions; parts of one name are compared option by option, and lists place by place. */
function partDifferences(path: string, wanted: unknown, found: unknown): string[] {
  if (isPartConfiguration(wanted) && isPartConfiguration(found) && wanted[0] === found[0]) {
    return entryDifferences(`${path}.${wanted[0]}`, wanted[1], found[1]);
  }
  const areLists = Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length;
  if (areLists && !isPartConfiguration(wanted)) return entryDifferences(path, { ...wanted }, { ...found });
  return differences({ [path]: wanted }, { [path]: found });
}

function entryDifferences(path: string, wanted: Readonly<Record<string, unknown>>, found: typeof wanted): string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].flatMap((name) => partDifferences(`${path}.${name}`, wanted[name], found[name]));
}
