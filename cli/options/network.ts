/**
 * The network that a command is about.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { UsageError } from "../errors.ts";
import type { Examples } from "../example.ts";

/**
 * The name of the one network among the words of a command; hyphens may stand for underscores.
 *
 * @throws {UsageError} if there is none, another one, or more.
 */
export function networkName(words: readonly string[], examples: Examples): string {
  const [given, ...rest] = words;
  const names = Object.keys(examples);
  if (given === undefined) throw new UsageError(`no network is named: expected one of ${names.join(", ")}`);
  if (rest.length > 0) {
    throw new UsageError(`unexpected argument ${rest[0]}: expected one network, got ${given} before`);
  }
  const name = given.replaceAll("-", "_");
  if (Object.hasOwn(examples, name)) return name;
  throw new UsageError(`unknown network ${given}${suggestName(given, names)}`);
}
