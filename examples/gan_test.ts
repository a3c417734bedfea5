import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../tests/in_folder.ts";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("the generator draws points near the ring, and a picture of them", async () => {
  await inFolder(async (folder) => {
    const printed = await runExample("gan", ["--quick", `${folder}/points.svg`]);
    const [line] = wordsOf(await promisedOutput("gan"));
    assertEquals(wordsOf(printed), [line, line, line, ""]);
    const [, mean, deviation] = /middle ([\d.]+) ± ([\d.]+)\n$/.exec(printed) ?? [];
    assert(Math.abs(Number(mean) - 1) < 0.15 && Number(deviation) < 0.25, printed);
    const svg = await Deno.readTextFile(`${folder}/points.svg`);
    assertEquals(svg.match(/<circle/g)?.length, 400);
  });
});
