/**
 * Runs examples as a reader would, and reads the output that they promise.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

function pathOf(name: string): string {
  return fromFileUrl(import.meta.resolve(`./${name}.ts`));
}

/** The standard output of an example. It runs in `cwd`, where it may write files. */
export async function runExample(name: string, args: readonly string[] = [], cwd = Deno.cwd()): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "-A", pathOf(name), ...args],
    cwd,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  assertEquals(code, 0, `${name} ends with ${code}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

/** The output that the comment at the top of an example promises. */
export async function promisedOutput(name: string): Promise<string> {
  const [comment] = (await Deno.readTextFile(pathOf(name))).split(" */\n");
  const [, promised] = /^ \* ```text\n(.*?)^ \* ```$/ms.exec(comment) ?? [];
  return (promised ?? "").replaceAll(/^ \* ?/gm, "");
}

/** A text without numbers, times and the space around them: the part that does not depend on data and epochs. */
export function wordsOf(text: string): string[] {
  return text.replaceAll(/ took .*/g, " took").replaceAll(/[\d.]+/g, " ").split("\n").map((line) =>
    line.trim().replaceAll(/\s+/g, " ")
  );
}
