/**
 * Programs on a terminal, where Deno asks for missing permissions instead of refusing them.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));

/** Whether this machine has `script` of util-linux, which starts programs on a pseudo-terminal. */
export const hasTerminals = Deno.build.os === "linux" && await isUtilLinux();

async function isUtilLinux(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}

/** The end of a program on a terminal. */
export interface TerminalResult {
  readonly code: number;
  /** Everything that it wrote. */
  readonly said: string;
}

/** How Deno begins its requests for permissions. */
const request = /Deno requests .*access[^\n]*/;

/**
 * Runs Deno in the folder of this repository, on a terminal. A program that asks for a permission is ended, and its
 * code is -1.
 */
export async function onTerminal(args: readonly string[], env: Record<string, string> = {}): Promise<TerminalResult> {
  const command = [Deno.execPath(), ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const child = new Deno.Command("script", {
    // `exec` lets a signal reach Deno.
    args: ["-qec", `exec ${command}`, "/dev/null"],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    // deno-lint-ignore no-control-regex
    if (!request.test(said.replaceAll(/\x1b\[\d*m/g, ""))) continue;
    child.kill("SIGKILL");
    await child.status;
    return { code: -1, said };
  }
  return { code: (await child.status).code, said };
}
