import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../cli/errors.ts";
import { promisedOutput } from "./test_running.ts";
import { build, full, small } from "./hp_grid_search.ts";
import { runProgram } from "./search_command.ts";
import { inFolder } from "../tests/in_folder.ts";

const program = { call: "search", full, small, build, module: import.meta.resolve("./hp_grid_search.ts") };

async function run(...args: string[]): Promise<string> {
  const results: string[] = [];
  const output = { result: (line: string) => results.push(line), note: () => {}, columns: () => undefined };
  const code = await runProgram(args, program, { output, signal: new AbortController().signal });
  assertEquals(code, 0);
  return results.join("\n");
}

Deno.test("the full search space is that of the original documentation, and the small one has 16 combinations", () => {
  assertEquals([full.size, small.size], [1536, 16]);
  assertEquals(full.values.batchSize, 500);
});

Deno.test("the example searches in shards and with workers, and the merged shards equal the whole search", async () => {
  await inFolder(async (folder) => {
    const whole = await run("--epochs", "1", "--table", `${folder}/table.csv`);
    assertEquals(whole.split("\n").length, 2 + 16);
    assertEquals(whole.split("\n").slice(0, 2), (await promisedOutput("hp_grid_search")).split("\n").slice(0, 2));
    const csv = await Deno.readTextFile(`${folder}/table.csv`);
    assertStringIncludes(csv, "number,batchSize,learningRate");
    await run("--epochs", "1", "--shard", "0/2", "--journal", `${folder}/0`);
    await run("--epochs", "1", "--shard", "1/2", "--journal", `${folder}/1`, "--parallel", "2");
    const merged = await run("merge", `${folder}/0`, `${folder}/1`, "--into", `${folder}/all`);
    assertEquals(merged, whole);
    const refitted = await run("--epochs", "1", "--journal", `${folder}/all`, "--refit");
    assert(refitted.startsWith(whole));
    assertStringIncludes(refitted, "Training mlp grid search took");
  });
});

Deno.test("a random search draws the requested number of combinations", async () => {
  assertEquals((await run("--epochs", "1", "--random", "3")).split("\n").length, 2 + 3);
});

Deno.test("an invalid command line is refused before the search starts", async () => {
  await assertRejects(() => run("--shrad", "0/2"), UsageError, "did you mean --shard?");
  await assertRejects(() => run("mrege"), UsageError, "did you mean merge?");
  await assertRejects(() => run("--table", "table.cvs"), UsageError, "did you mean csv?");
  await assertRejects(() => run("--epochs", "many"), UsageError, "expected a whole number");
  await assertRejects(() => run("--data", "minst"), UsageError, "did you mean mnist?");
  assertStringIncludes(await run("--help"), "--shard I/N");
});
