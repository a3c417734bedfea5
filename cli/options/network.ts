/**
 * The network that a command names.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { UsageError } from "../errors.ts";
import type { Examples } from "../example.ts";

/**
 * The name of the network among the arguments of a command. Hyphens may be used instead of underscores.
 *
 * @param cure what else a word that is no network may have been meant to be, for the message (default: nothing)
 * @throws {UsageError} if there is no network, an unknown one, or more than one.
 */
export function networkName(
  words: readonly string[],
  examples: Examples,
  cure: (word: string) => string = () => "",
): string {
  const [given, ...rest] = words;
  const names = Object.keys(examples);
  if (given === undefined) throw new UsageError(`no network given: expected one of ${names.join(", ")}`);
  if (rest.length > 0) {
    throw new UsageError(`unexpected argument ${rest[0]} after ${given}: expected one network`);
  }
  const name = given.replaceAll("-", "_");
  if (Object.hasOwn(examples, name)) return name;
  throw new UsageError(`unknown network ${given}${suggestName(given, names)}${cure(given)}`);
}
