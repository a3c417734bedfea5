/**
 * docs/extending.md shows the lines that define a new primitive. This test adds them to a copy of `core/` and runs it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { copy } from "./copy.ts";
import { root } from "./pages.ts";

/** The lines of the page's table, by file. */
async function linesOfPage(): Promise<Map<string, string>> {
  const page = await Deno.readTextFile(`${root}docs/extending.md`);
  const rows = page.matchAll(/^\| \[[^\]]+\]\(\.\.\/([^)]+)\) *\| `([^`]+)`/gm);
  return new Map([...rows].map(([, file, line]) => [file, line]));
}

/** Adds a line after that of `floor` and a name after its own, or a method before another one. */
function withLine(text: string, file: string, line: string): string {
  if (file === "core/tensor.ts") return text.replace("  /** x without its fractional part. */", `${line}\n$&`);
  return text.replace('| "floor";', '| "floor" | "rsqrt";').replace(/^ +floor: .*$/m, (floor) => `${floor}\n  ${line}`);
}

const program = `
import { tensor } from "./core/creation.ts";
import { setDevice } from "./core/device.ts";
import type { Tensor } from "./core/tensor.ts";
import { grad } from "./core/gradients.ts";

await setDevice("wasm");
const slope = grad((x: Tensor) => x.rsqrt().sum())(tensor([4]));
console.log(await tensor([4]).rsqrt().item(), await slope.item());
`;

Deno.test("the lines in docs/extending.md define a primitive that computes and has a gradient", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await copy(`${root}core`, `${folder}/core`);
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    const lines = await linesOfPage();
    assertEquals(lines.size, 5);
    for (const [file, line] of lines) {
      if (!file.startsWith("core/")) continue;
      const text = await Deno.readTextFile(`${folder}/${file}`);
      const changed = withLine(text, file, line);
      assertEquals(changed === text, false, file);
      await Deno.writeTextFile(`${folder}/${file}`, changed);
    }
    await Deno.writeTextFile(`${folder}/program.ts`, program);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "--no-lock", "program.ts"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    assertEquals(text.decode(stdout), "0.5 -0.0625\n", text.decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
