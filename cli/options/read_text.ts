/**
 * Values from the text of a command line.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import type { AnyOption, Option } from "../../core/options/option.ts";
import { parseOption } from "../../core/options/text.ts";
import { UsageError } from "../errors.ts";

/**
 * The value that a text stands for.
 *
 * @param subject what the message calls it: `option --epochs`, `hyperparameter nUnits`
 * @throws {UsageError} if the text stands for no value of the option; of names, the message has the nearest one.
 */
export function readText<T>(option: Option<T>, text: string, subject: string): T;
export function readText(option: AnyOption, text: string, subject: string): unknown;
export function readText(option: AnyOption, text: string, subject: string): unknown {
  const value = parseOption(option, text);
  if (value !== undefined) return value;
  if (option.names === undefined) throw new UsageError(`${subject} cannot be ${text}: expected ${option.expected}`);
  throw new UsageError(`unknown ${subject.replace(/^.*--/, "")} ${text}${suggestName(text, option.names)}`);
}
