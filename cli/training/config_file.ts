/**
 * Configurations for the command line: JSON whose fields are options and hyperparameters.
 *
 * @module
 */

import { readAtMost } from "../../model/files/byte_source.ts";
import { FileFormatError } from "../../model/files/errors.ts";
import { decodeJsonText } from "../../model/files/json_text.ts";
import { isRecord, parseJson, showJson } from "../../model/files/json.ts";
import { textFileOptions } from "../../model/files/read_options.ts";
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
  const { network, ...fields } = recordOf(readAtMost(path, textFileOptions.limitBytes.default), path);
  if (network !== undefined && typeof network !== "string") {
    throw new FileFormatError(path, "the name of a network", JSON.stringify(network));
  }
  return { network, args: Object.entries(fields).flatMap(([name, value]) => argsOf(name, value, { path, table })) };
}

function recordOf(bytes: Uint8Array, path: string): Record<string, unknown> {
  const value = parseJson(decodeJsonText(bytes, path), path);
  if (isRecord(value)) return value;
  throw new FileFormatError(path, 'an object such as { "network": "mlp", "epochs": 5 }', showJson(value));
}

function argsOf(name: string, value: unknown, { path, table }: { path: string; table: OptionTable }): string[] {
  if (!isSetting(value)) {
    throw new FileFormatError(path, `a number, a text, true or false as ${name}`, showJson(value));
  }
  if (excluded.has(name)) throw new FileFormatError(path, "options of a training", name);
  const option = Object.hasOwn(table, name) ? table[name] : undefined;
  if (option === undefined) return [`--set=${name}=${value}`];
  if (option.kind !== "switch") return [`${dashed(name)}=${value}`];
  if (typeof value !== "boolean") throw new FileFormatError(path, `true or false as ${name}`, showJson(value));
  return value ? [dashed(name)] : [];
}
