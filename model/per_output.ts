/**
 * Values for each output of a network, by name: objectives, metrics, weights.
 *
 * @module
 */

import type { AnyOption, Option } from "../core/options/option.ts";
import type { OneOrNamed } from "../data/named.ts";
import { isPlainRecord } from "./files/json.ts";

/** Whether there is a value for each output, by name. */
export function isPerOutput<T>(given: OneOrNamed<T>): given is { readonly [output: string]: T } {
  return isPlainRecord(given);
}

/** The value for an output; `undefined` if there is none. A value without a name is that of all outputs. */
export function valueFor<T>(given: OneOrNamed<T> | undefined, output: string): T | undefined {
  if (given === undefined || !isPerOutput(given)) return given;
  return Object.hasOwn(given, output) ? given[output] : undefined;
}

/** The values with their outputs; those of a value without a name are `undefined`. */
export function mapOutputs<A, B>(given: OneOrNamed<A>, change: (value: A) => B): OneOrNamed<B> {
  if (!isPerOutput(given)) return change(given);
  return Object.fromEntries(Object.entries(given).map(([output, value]) => [output, change(value)]));
}

/**
 * An option that takes what another one takes, and also a record of such values by the names of outputs. Messages about
 * other values are those of the option.
 */
export function perOutput<T>(option: Option<T>): Option<OneOrNamed<T>> {
  const recordOf = (value: unknown): Record<string, unknown> | undefined =>
    isPlainRecord(value) && Object.keys(value).length > 0 ? value : undefined;
  const isRecord = (value: unknown): value is { readonly [output: string]: T } => {
    const record = recordOf(value);
    return record !== undefined && Object.values(record).every((one) => option.accepts(one));
  };
  const refuse: AnyOption["refuse"] = (value) => {
    const odd = Object.entries(recordOf(value) ?? {}).find(([, one]) => !option.accepts(one));
    if (odd === undefined) return option.refuse(value);
    const refusal = option.refuse(odd[1]);
    return { ...refusal, path: `.${odd[0]}${refusal.path}` };
  };
  return {
    ...option,
    accepts: (value): value is OneOrNamed<T> => option.accepts(value) || isRecord(value),
    resembles: (value) => option.resembles(value) || recordOf(value) !== undefined,
    refuse,
    toJson: (value) => {
      if (!isPerOutput(value)) return option.toJson(value);
      return Object.fromEntries(Object.entries(value).map(([output, one]) => [output, option.toJson(one)]));
    },
  };
}
