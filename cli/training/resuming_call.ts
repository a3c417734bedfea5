/**
 * The command that goes on with an interrupted training.
 *
 * @module
 */

import type { Context } from "../command.ts";
import { isPathLike } from "../options/parse.ts";

/** A call of the program that goes on with a file: the same as this one, but for what it says about resuming. */
export function resumingCall({ program: { call }, args }: Pick<Context, "program" | "args">, file: string): string {
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--resume" && isPathLike(args[i + 1])) i++;
    else if (args[i] !== "--resume" && !args[i].startsWith("--resume=")) rest.push(args[i]);
  }
  return [call, ...[...rest, `--resume=${file}`].map(quoted)].join(" ");
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./=:,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
