/**
 * Words of a command line that are no options.
 *
 * @module
 */

import { UsageError } from "../errors.ts";

/**
 * Fails where a command that takes none has words.
 *
 * @throws {UsageError} naming the first one.
 */
export function refuseWords(command: string, words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`unexpected argument ${words[0]}: ${command} takes options only`);
}

/**
 * The one word of a command.
 *
 * @param what what it is, such as `a saved model (.ym)`
 * @throws {UsageError} if there is none, or more.
 */
export function oneWord(words: readonly string[], what: string): string {
  const [word, ...rest] = words;
  if (word === undefined) throw new UsageError(`nothing is named: expected ${what}`);
  if (rest.length > 0) throw new UsageError(`unexpected argument ${rest[0]}: expected ${what}, got ${word} before`);
  return word;
}
