/**
 * The definition of a search: everything on which its rows depend, as plain data. A journal uses it to check whether
 * rows belong together.
 *
 * @module
 */

import { sha256 } from "../../data/checksums.ts";
import { isRecord, type Json, type JsonRecord, writeJson } from "../files/json.ts";
import type { HyperparameterValue, HyperparameterValues } from "../hyperparameters.ts";
import { versions } from "../version.ts";
import type { Combinations } from "./combinations.ts";
import type { GiveUp } from "./give_up.ts";
import { labelOf, labelsOf } from "./row.ts";
import type { SearchTraining } from "./search_options.ts";

/** Everything on which the rows of a search depend. */
export interface Definition {
  readonly kind: string;
  /** The number of combinations. */
  readonly size: number;
  /** The names of the hyperparameters that differ, in the order that numbers the combinations. */
  readonly searched: readonly string[];
  readonly values: JsonRecord;
  readonly ranges: JsonRecord;
  readonly draws: Json;
  readonly train: JsonRecord;
  readonly giveUp: Json;
  /** The digest of the source text of the function that builds the models. */
  readonly build: string;
  /** Anything else on which the rows depend, such as the digest of the data. */
  readonly about: JsonRecord;
  readonly versions: JsonRecord;
}

/** The parts of a definition apart from the combinations. */
export interface DefinitionParts {
  readonly train: SearchTraining;
  readonly giveUp: Required<GiveUp> | null;
  readonly about: JsonRecord;
  /** The function that builds the models. */
  readonly build: (...args: never[]) => unknown;
}

/** The definition of a search. */
export function definitionOf<V extends HyperparameterValues>(
  { kind, size, searched, draws, hyperparameters: { values, ranges } }: Combinations<V>,
  { train, giveUp, about, build }: DefinitionParts,
): Definition {
  const { yadll, deno = "" } = versions();
  const labelledRanges = Object.entries<readonly HyperparameterValue[] | undefined>(ranges)
    .map(([name, range = []]) => [name, range.map(labelOf)] as const);
  return {
    kind,
    size,
    searched,
    values: labelsOf(values),
    ranges: Object.fromEntries(labelledRanges),
    draws: draws && { count: draws.count, seed: draws.seed, distributions: distributionsOf(draws.distributions) },
    train: Object.fromEntries(Object.entries<Json | undefined>(train).filter(isGiven)),
    giveUp: giveUp && { ...giveUp },
    build: digestOfText(build.toString()),
    about,
    versions: { yadll, deno },
  };
}

function isGiven(entry: [string, Json | undefined]): entry is [string, Json] {
  return entry[1] !== undefined;
}

function distributionsOf(distributions: Readonly<Record<string, object>>): JsonRecord {
  return Object.fromEntries(
    Object.entries(distributions).map(([name, one]): [string, JsonRecord] => [name, { ...one }]),
  );
}

/** The SHA-256 of a text, in hexadecimal digits. */
function digestOfText(text: string): string {
  const hash = sha256();
  hash.add(new TextEncoder().encode(text));
  return hash.digest();
}

/** The definition as plain data. */
export function definitionRecord(definition: Definition): JsonRecord {
  return { ...definition };
}

/** The digest of a definition; the order of fields in a record does not matter. */
export function digestOfDefinition(definition: Definition): string {
  return digestOfText(writeJson(sorted(definitionRecord(definition))));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] as Json)]));
}
