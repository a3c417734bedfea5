/**
 * The command that resumes an interrupted training.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { Context } from "../command.ts";
import { isPathLike } from "../options/parse.ts";
import { isSamePath } from "../files/same_path.ts";
import { quoted } from "../own_call.ts";

/** A saved training: its file, and its run folder. */
interface Saved {
  readonly file: string;
  readonly out?: string | undefined;
}

/**
 * A call of the program that resumes from a file: this call with another `--resume`. If the file is not in the run
 * folder, the call names that, too, so that the run continues there.
 */
export function resumingCall(
  { program: { call, examples }, args }: Pick<Context, "program" | "args">,
  { file, out }: Saved,
): string {
  const isValue = (word: string | undefined): boolean =>
    isPathLike(word) || word?.startsWith("-") === false && !Object.hasOwn(examples, word.replaceAll("-", "_"));
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--resume" && isValue(args[i + 1])) i++;
    else if (args[i] !== "--resume" && !args[i].startsWith("--resume=")) rest.push(args[i]);
  }
  const isNamed = out === undefined || isSamePath(dirname(file), out) || args.some((arg) => /^--out(=|$)/.test(arg));
  return [call, ...[...rest, ...isNamed ? [] : [`--out=${out}`], `--resume=${file}`].map(quoted)].join(" ");
}
