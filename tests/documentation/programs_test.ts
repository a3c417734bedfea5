/**
 * Pages that are one program: their blocks are marked `ts ignore page`, so `deno test --doc`, which runs each block
 * separately, leaves them to this test.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Page, readPages, root } from "./pages.ts";

function programOf({ blocks }: Page): string {
  return blocks.filter(({ words }) => words.includes("page")).map(({ text }) => text).join("\n");
}

/** Runs a program as if it were a file of the repository, in its own empty folder. */
async function run(program: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--check", "-"],
      cwd: root,
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(`Deno.chdir(${JSON.stringify(folder)});\n${program}`));
    await writer.close();
    const { code, stderr } = await child.output();
    return code === 0 ? "" : new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("pages that are one program run from their first block to their last", async () => {
  const programs = (await readPages()).map((page) => ({ path: page.path, program: programOf(page) }))
    .filter(({ program }) => program !== "");
  assert(programs.some(({ path }) => path === "docs/tutorial.md"));
  for (const { path, program } of programs) assertEquals(await run(program), "", path);
});
