import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../tests/in_folder.ts";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("the evidence lower bound grows, holds for test digits, and digits are drawn", async () => {
  await inFolder(async (folder) => {
    const printed = await runExample("vae", ["--quick", `${folder}/digits.svg`]);
    const lines = printed.trim().split("\n");
    const [epoch, , test] = wordsOf(await promisedOutput("vae"));
    assertEquals(wordsOf(printed), [...Array<string>(4).fill(epoch), test, ""]);
    const bounds = lines.map((line) => Number(/ELBO +(-[\d.]+)/.exec(line)?.[1]));
    assert(bounds[0] < bounds[1] && bounds[1] < bounds[3] && bounds[4] > -300, printed);
    assert((await Deno.readTextFile(`${folder}/digits.svg`)).startsWith("<svg"));
  });
});
