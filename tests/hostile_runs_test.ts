import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { run } from "../cli/testing.ts";
import type { Json } from "../layers/mod.ts";
import { randomOf } from "./hostile_models/craft.ts";
import { partsOf, replacePart, textOf, treeOf } from "./hostile_models/json_tree.ts";
import { inFolder } from "./in_folder.ts";

const saved = join(import.meta.dirname!, "formats", "run_1");

const values: readonly Json[] = [
  ...[null, true, -1, 1e300, "", "a\u001b[2J\nerror: x\u009b", "x".repeat(200_000)],
  ...[[], [[1]], {}, { name: "\u001b[31m" }, { toString: 5, valueOf: 5 }],
];

/** The text of a value in which one or two parts are replaced. */
function crafted(random: (below: number) => number, value: unknown): string {
  const tree = treeOf(value);
  const parts = [...partsOf(tree)];
  for (let count = 1 + random(2); count > 0; count--) {
    replacePart(parts[random(parts.length)], JSON.stringify(values[random(values.length)]));
  }
  return textOf(tree);
}

/** Writes a run folder with crafted events, and for even seeds a crafted report. */
function writeRun(path: string, seed: number): void {
  const random = randomOf(seed);
  const events = Deno.readTextFileSync(join(saved, "events.jsonl")).trim().split("\n");
  const changed = events.map((line) => random(2) === 0 ? line : crafted(random, JSON.parse(line)));
  Deno.mkdirSync(path);
  Deno.writeTextFileSync(join(path, "events.jsonl"), `${changed.join("\n")}\n`);
  if (seed % 2 === 1) return;
  const report = JSON.parse(Deno.readTextFileSync(join(saved, "report.json")));
  Deno.writeTextFileSync(join(path, "report.json"), crafted(random, report));
}

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

Deno.test("crafted run folders are listed, shown and refused without control characters and long texts", async () => {
  await inFolder(async (folder) => {
    writeRun(join(folder, "other"), 2);
    for (let seed = 1; seed <= 150; seed++) {
      const path = join(folder, `run${seed}`);
      writeRun(path, seed);
      const calls = [
        ["runs", "list", path],
        ["runs", "show", path],
        ["runs", "compare", path, join(folder, "other")],
        ["train", "--resume", path, "--device", "wasm", "--quiet"],
        ["evaluate", path, "--quiet"],
      ];
      for (const call of calls) {
        const { code, out, err } = await run(...call);
        const shown = `${call.join(" ")} of seed ${seed}: ${JSON.stringify(err.slice(0, 300))}`;
        assert([0, 2, 3].includes(code), shown);
        assert(!CONTROL.test(out) && !CONTROL.test(err) && !err.includes("bug"), shown);
        assert(out.length + err.length < 50_000, `${shown} (${out.length} characters)`);
      }
    }
  });
});

Deno.test("links that lead in circles, and names of 300 letters, are errors of files in one line", async () => {
  await inFolder(async (folder) => {
    const loop = join(folder, "loop.ym");
    Deno.symlinkSync("loop.ym", loop);
    Deno.symlinkSync(".", join(folder, "self"));
    Deno.copyFileSync(join(saved, "events.jsonl"), join(folder, "events.jsonl"));
    for (const path of [loop, join(folder, "n".repeat(300)), join(folder, "a\u001b[2J\nb.ym")]) {
      for (const call of [["evaluate", path], ["predict", path, "x.png"], ["train", "--resume", path]]) {
        const { code, err } = await run(...call, "--quiet");
        assert(code === 2 || code === 3, err);
        assertEquals(err.replace(/\nSee .*\n$/, "").trimEnd().split("\n").length, 1, err);
        assert(err.startsWith("error: ") && !CONTROL.test(err), JSON.stringify(err));
      }
      for (const call of [["--config", path], ["--config", `${path}.yc`]]) {
        const { code, err } = await run("train", ...call, "--quiet");
        assertEquals([code, err.trimEnd().split("\n").length], [3, 1], err);
      }
    }
    const { code } = await run("runs", "list", folder);
    assertEquals(code, 0);
  });
});
