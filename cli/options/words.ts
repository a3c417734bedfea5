/**
 * Arguments of a command line that are not options.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/**
 * Throws if a command that takes only options has other arguments.
 *
 * @throws {UsageError} that names the first one.
 */
export function refuseWords(command: string, words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`unexpected argument ${words[0]}: ${command} takes only options`);
}

/**
 * The only argument of a command.
 *
 * @param what a description, such as `a saved model (.ym)`
 * @throws {UsageError} if it is missing, or there are more.
 */
export function oneWord(words: readonly string[], what: string): string {
  const [word, ...rest] = words;
  if (word === undefined) throw new UsageError(`missing argument: expected ${what}`);
  if (rest.length > 0) throw new UsageError(`unexpected argument ${rest[0]} after ${word}: expected ${what}`);
  return word;
}
