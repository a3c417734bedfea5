/**
 * Configurations for the command line: JSON whose fields are options and hyperparameters.
 *
 * @module
 */

import { readWhole } from "../../model/files/atomic.ts";
import { FileFormatError } from "../../model/files/errors.ts";
import { isSetting } from "../example.ts";
import { dashed, type OptionTable } from "../options/option.ts";

/** The content of a configuration. */
export interface ConfigFile {
  /** The network, if the configuration names one. */
  readonly network: string | undefined;
  /** Its options, as command-line arguments. */
  readonly args: readonly string[];
}

/** Options that are not allowed in a file. */
const excluded = new Set(["config", "help", "version", "networkList", "set"]);

/**
 * Reads a configuration such as `{ "network": "mlp", "epochs": 5, "nUnits": 100 }`. Names of options are those of the
 * command line in camel case; all others are hyperparameters of the network.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is not a JSON object, or a value is not a number, a string, true or false.
 */
export function readConfig(path: string, table: OptionTable): ConfigFile {
  const { network, ...fields } = recordOf(new TextDecoder().decode(readWhole(path)), path);
  if (network !== undefined && typeof network !== "string") {
    throw new FileFormatError(path, "the name of a network", JSON.stringify(network));
  }
  return { network, args: Object.entries(fields).flatMap(([name, value]) => argsOf(name, value, { path, table })) };
}

function recordOf(text: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FileFormatError(path, "JSON", cause instanceof Error ? cause.message : String(cause), { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new FileFormatError(path, 'an object such as { "network": "mlp", "epochs": 5 }', JSON.stringify(value));
}

function argsOf(name: string, value: unknown, { path, table }: { path: string; table: OptionTable }): string[] {
  if (!isSetting(value)) {
    throw new FileFormatError(path, `a number, a text, true or false as ${name}`, JSON.stringify(value));
  }
  if (excluded.has(name)) throw new FileFormatError(path, "options of a training", name);
  const option = Object.hasOwn(table, name) ? table[name] : undefined;
  if (option === undefined) return [`--set=${name}=${value}`];
  if (option.kind !== "switch") return [`${dashed(name)}=${value}`];
  if (typeof value !== "boolean") throw new FileFormatError(path, `true or false as ${name}`, JSON.stringify(value));
  return value ? [dashed(name)] : [];
}
