import { assertEquals, assertMatch } from "@std/assert";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("all three ways restore the same predictions, and a changed model is trained again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const printed = await runExample("save_and_load", ["2", "digits"], folder);
    assertEquals(wordsOf(printed), wordsOf(await promisedOutput("save_and_load")));
    const predictions = (what: string): string | undefined =>
      printed.split("\n").find((line) => line.startsWith(what))?.slice(what.length).trim();
    const expected = predictions("trained, and saved to best_model.ym");
    assertMatch(expected ?? "", /^(\d ){9}\d$/);
    for (
      const what of [
        "loaded from best_model.ym",
        "rebuilt, with net_params.yp",
        "built from conf, with net_params.yp",
        "built from conf.yc, with net_params.yp",
      ]
    ) assertEquals(predictions(what), expected, what);
    assertMatch(predictions("resumed, to epoch 3") ?? "", /^(\d ){9}\d$/);
    assertMatch(printed, /Hidden layer 1 +\[any, 50\]/);
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(files.toSorted(), ["best_model.ym", "conf.yc", "net_params.yp"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
