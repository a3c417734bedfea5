/**
 * Copies of the working tree, in which mutants are tried while the tree itself stays as it is.
 *
 * @module
 */

import { dirname, join } from "@std/path";

/** The root of the repository. */
export const root: string = join(import.meta.dirname!, "..", "..", "..");

/** The files of the working tree that git knows or would add, relative to the root. */
export async function filesOfTree(): Promise<string[]> {
  const arguments_ = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout, success } = await new Deno.Command("git", { args: arguments_, cwd: root }).output();
  if (!success) throw new Error("Cannot list the files of the working tree: git ls-files failed");
  return [...new Set(new TextDecoder().decode(stdout).split("\0"))].filter((path) => path !== "").sort();
}

/** Copies the working tree, without its history, into a folder. */
export async function copyTree(to: string): Promise<void> {
  for (const path of await filesOfTree()) {
    await Deno.mkdir(join(to, dirname(path)), { recursive: true });
    // A file that was removed but not committed is still listed.
    await Deno.copyFile(join(root, path), join(to, path)).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
