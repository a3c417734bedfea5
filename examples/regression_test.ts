import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadModel, setDevice, tableOf } from "../mod.ts";
import { inFolder } from "../tests/in_folder.ts";
import { runExample } from "./test_running.ts";

const homes = fromFileUrl(import.meta.resolve("../tests/homes.csv"));

Deno.test("a CSV file with texts, dates and missing values is predicted in its own units, and the model is saved", async () => {
  await inFolder(async (folder) => {
    const printed = await runExample("regression", [homes, "price"], folder);
    const lines = printed.split("\n");
    assertEquals(lines[0], "156 rows");
    assertEquals(lines.slice(2, 8).map((line) => line.split(/\s+/).slice(0, 2)), [
      ["size", "number"],
      ["town", "text"],
      ["built", "date"],
      ["garden", "boolean"],
      ["street", "text"],
      ["price", "number"],
    ]);
    assertStringIncludes(printed, "Left out: street, with 156 different texts\n");
    assertStringIncludes(printed, "features: size, town=Bern, town=Oslo, town=Rome, Italy, built, garden\n");
    const [, error, mean] = /test set: ([\d.]+) \(always predicting the mean: ([\d.]+)\)/.exec(printed) ?? [];
    assert(Number(error) < Number(mean) / 3, printed);
    await setDevice("wasm");
    const model = loadModel(`${folder}/regression.ym`);
    const row = { size: 100, town: "Oslo", built: new Date("2000-06-01"), garden: false };
    const predicted = await model.predict(tableOf([row]));
    assertAlmostEquals(Number(predicted.column("price").at(0)), 1500 * 100 + 140_000 + 50 * 800, 40_000);
  });
});
