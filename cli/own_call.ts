/**
 * The call that starts this program, for messages that name the next one.
 *
 * @module
 */

import { inOneLine } from "../core/options/show.ts";
import { neededModule } from "../core/host.ts";

/** The published module of the command line. */
const PUBLISHED = "jsr:@yadll/yadll/cli";

/** The call of a program in a folder: `deno run -A examples/mnist.ts`. Without a folder, the path stays as it is. */
export function callOf(mainModule: string, folder: string | undefined): string {
  if (!mainModule.startsWith("file:")) return `deno run -A ${PUBLISHED}`;
  const { relative } = neededModule("node:path", "name the program");
  const { fileURLToPath } = neededModule("node:url", "name the program");
  const path = fileURLToPath(mainModule);
  return `deno run -A ${quoted(folder === undefined ? path : relative(folder, path))}`;
}

/** The call of the running program, from the current folder if that may be read. */
export function ownCall(): string {
  const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
  return callOf(Deno.mainModule, mayRead ? Deno.cwd() : undefined);
}

/** An argument, quoted for a shell if necessary: control characters would reach the terminal, so they are escaped. */
export function quoted(word: string): string {
  if (inOneLine(word) !== word) return `$'${inOneLine(word.replaceAll(/[\\']/g, (one) => `\\${one}`))}'`;
  return /^[\w./=:,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
