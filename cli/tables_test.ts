import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { setDevice } from "../core/mod.ts";
import { split, tableData, tableOf } from "../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../layers/mod.ts";
import { model, network } from "../model/mod.ts";
import { meanAbsoluteError, meanSquaredError, sgd } from "../optim/mod.ts";
import { inFolder } from "../tests/in_folder.ts";
import { run } from "./testing.ts";

const homes = tableOf(Array.from({ length: 40 }, (_, i) => {
  const zip = i % 2 === 0 ? "0150" : "3004";
  return { size: 20 + i, zip, price: 1000 * i + (zip === "0150" ? 500 : 0) };
}));

/** A model of prices, saved in a folder. */
async function withModel(work: (folder: string, file: string, testError: number) => Promise<void>): Promise<void> {
  await setDevice("wasm");
  const data = tableData(split(homes, [0.6, 0.2, 0.2]), { targets: "price" });
  const input = inputLayer({ shape: [null, data.preprocessing.features.length] });
  const { model: trained, report } = await model({
    network: network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]),
    data,
    objective: meanSquaredError,
    evaluationMetric: meanAbsoluteError,
    updates: sgd({ learningRate: 0.3 }),
    hyperparameters: { batchSize: 12, nEpochs: 60 },
  }).train();
  await inFolder(async (folder) => {
    await trained.saveModel(`${folder}/a.ym`);
    await work(folder, `${folder}/a.ym`, report.testError!);
  });
}

const device = ["--device", "wasm", "--quiet"];

Deno.test("a CSV file is predicted in the units of the target, as CSV and as lines of JSON", async () => {
  await withModel(async (folder, file) => {
    const path = `${folder}/new.csv`;
    await Deno.writeTextFile(path, "zip,size,other\n0150,25,x\n\n3004,40,y\n");
    const { code, out, err } = await run("predict", file, path, ...device);
    assertEquals(code, 0, err);
    const [head, ...rows] = out.split("\n");
    assertEquals([head, rows.length], ["price", 2]);
    assertAlmostEquals(Number(rows[0]), 5500, 100);
    const lines = (await run("predict", file, path, "--json", ...device)).out.split("\n").map((line) =>
      JSON.parse(line)
    );
    assertEquals(lines.map(({ price }) => String(price)), rows);
    assertStringIncludes(lines[1].name, "line 4 of ");
    await Deno.writeTextFile(`${folder}/new.tsv`, "zip\tsize\n0150\t25\n");
    assertEquals((await run("predict", file, `${folder}/new.tsv`, ...device)).out.split("\n")[1], rows[0]);
    await Deno.writeTextFile(path, "zip;size\n0150;25\n");
    assertEquals((await run("predict", file, path, "--delimiter", ";", ...device)).out.split("\n")[1], rows[0]);
  });
});

Deno.test("a CSV file with the targets is evaluated in their units", async () => {
  await withModel(async (folder, file, testError) => {
    const [, , test] = split(homes, [0.6, 0.2, 0.2]);
    const path = `${folder}/test.csv`;
    const lines = Array.from({ length: test.length }, (_, i) => Object.values(test.row(i)).join());
    await Deno.writeTextFile(path, ["size,zip,price", ...lines, ""].join("\n"));
    const { code, out, err } = await run("evaluate", file, "--data", path, "--json", ...device);
    assertEquals(code, 0, err);
    const { sets } = JSON.parse(out);
    assertAlmostEquals(sets[path].error, testError, 1e-3 * testError);
    assertEquals(sets[path].examples, test.length);
  });
});

Deno.test("a CSV file that does not fit the model is refused with its line", async () => {
  await withModel(async (folder, file) => {
    const path = `${folder}/new.csv`;
    await Deno.writeTextFile(path, "zip,size\n0150,25\n0151,25\n");
    const { code, err } = await run("predict", file, path, ...device);
    assertEquals(code, 3);
    assertStringIncludes(err, 'expected a category of the training set (0150, 3004), got "0151" in line 3 of');
    await Deno.writeTextFile(path, "zip\n0150\n");
    assertStringIncludes((await run("predict", file, path, ...device)).err, 'expected a column "size"');
    for (const [option, value] of [["--on", "test"], ["--confusion", "a.svg"], ["--train-size", "5"]]) {
      const { code, err } = await run("evaluate", file, "--data", path, option, value, ...device);
      assertEquals(code, 2);
      assertStringIncludes(err, `option ${option} has no effect on a CSV file`);
    }
    for (const words of [["evaluate", file], ["predict", file, "--examples", "2"]]) {
      const { code, err } = await run(...words, ...device);
      assertEquals(code, 3, err);
      assertStringIncludes(err, "it was trained on tables; pass a CSV file");
    }
    const input = inputLayer({ shape: [null, 4] });
    const plain = network("plain", [input, logisticRegression(input, { nClass: 2 })]);
    const { key } = (await import("../core/mod.ts")).random;
    await model({ network: plain.withWeights(plain.init(key(1))) }).saveModel(`${folder}/plain.ym`);
    const refused = await run("predict", `${folder}/plain.ym`, path, ...device);
    assertStringIncludes(refused.err, "expected a model that was trained on tables");
  });
});
