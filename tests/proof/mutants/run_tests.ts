/**
 * Runs test files in a copy of the tree, and says whether one of them failed.
 *
 * @module
 */

import process from "node:process";

/** How a run of tests ended. */
export type Outcome = "passed" | "failed" | "hung";

/** What {@linkcode runTests} is asked to do. */
export interface TestRun {
  /** The folder of the copy. */
  readonly folder: string;
  /** The test files, relative to the folder, in the order in which they run. */
  readonly tests: readonly string[];
  /** The milliseconds after which the run is ended. */
  readonly limit: number;
  /** More arguments of `deno test`. */
  readonly more?: readonly string[];
}

// Other work on the machine goes first.
const polite = Deno.build.os === "windows" ? [] : ["nice", "-n", "2"];

/** Runs test files until one fails. Everything that they started is ended with them. */
export async function runTests({ folder, tests, limit, more = [] }: TestRun): Promise<Outcome> {
  const words = [...polite, Deno.execPath(), "test", "-A", "--no-check", "--fail-fast", ...more, ...tests];
  const child = new Deno.Command(words[0], {
    args: words.slice(1),
    cwd: folder,
    env: { NO_COLOR: "1", XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" },
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    endGroup(child.pid);
  }, limit);
  const { success, stdout } = await child.output();
  clearTimeout(timer);
  endGroup(child.pid);
  if (hung) return "hung";
  // Deno may crash after the summary when it unloads graphics drivers (see CONTRIBUTING.md).
  return success || /^ok \| /m.test(new TextDecoder().decode(stdout)) ? "passed" : "failed";
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}
