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
 * The value that a text represents.
 *
 * @param subject its name in the message: `option --epochs`, `hyperparameter nUnits`
 * @throws {UsageError} if the text is not a valid value; for names, the message has the nearest one.
 */
export function readOptionText<T>(option: Option<T>, text: string, subject: string): T;
export function readOptionText(option: AnyOption, text: string, subject: string): unknown;
export function readOptionText(option: AnyOption, text: string, subject: string): unknown {
  const value = parseOption(option, text);
  if (value !== undefined) return value;
  if (option.names === undefined) {
    throw new UsageError(`${subject} cannot be ${text}: expected ${expectedIn(option, text)}`);
  }
  throw new UsageError(`unknown ${subject.replace(/^.*--/, "")} ${text}${suggestName(text, option.names)}`);
}

/** What an option takes in text, which cannot represent functions. */
function expectedIn(option: AnyOption, text: string): string {
  const value = option.parse(text);
  const { path, expected } = option.refuse(value);
  const own = value === undefined || path !== "" ? option.expected : expected;
  return own.split(", or ").filter((one) => one !== "a function").join(", or ");
}
