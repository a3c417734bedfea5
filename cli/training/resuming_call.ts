/**
 * The command that resumes an interrupted training.
 *
 * @module
 */

import type { Context } from "../command.ts";
import { isPathLike } from "../options/parse.ts";
import { quoted } from "../own_call.ts";

/** A call of the program that resumes from a file: this call with another `--resume`. */
export function resumingCall({ program: { call }, args }: Pick<Context, "program" | "args">, file: string): string {
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--resume" && isPathLike(args[i + 1])) i++;
    else if (args[i] !== "--resume" && !args[i].startsWith("--resume=")) rest.push(args[i]);
  }
  return [call, ...[...rest, `--resume=${file}`].map(quoted)].join(" ");
}
