import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadModel } from "../model/mod.ts";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("the tutorial trains, prints its errors, predicts, and saves its best model", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const printed = await runExample("model_template", ["10", "digits"], folder);
    const lines = printed.trim().split("\n");
    const promised = (await promisedOutput("model_template")).trim().split("\n");
    assertEquals(wordsOf(lines[0]), wordsOf(promised[0]));
    // The lines after the epochs.
    assertEquals(wordsOf(lines.slice(-7).join("\n")), wordsOf(promised.slice(-7).join("\n")));
    assertMatch(printed, /epoch 10, minibatch 4\/4, validation error [\d.]+ %\n\nOptimization completed\./);
    const [predicted, expected] = lines.slice(-2).map((line) => line.split(" ").map(Number));
    assertEquals([predicted.length, expected.length], [30, 30]);
    const right = predicted.filter((one, i) => one === expected[i]).length;
    assert(right >= 15, `${right} of 30 are right: ${printed}`);
    assertEquals(loadModel(`${folder}/best_model.ym`).name, "mlp with dropout");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
