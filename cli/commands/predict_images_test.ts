import { assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { jpegCases, pngFile, withImages } from "../../data/images/test_images.ts";
import { data, readImageFolder } from "../../data/mod.ts";
import { flattenLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { model, network } from "../../model/mod.ts";
import { run } from "../testing.ts";

Deno.test("a model of a folder of pictures names the classes of others", async () => {
  const gray = (level: number) => pngFile(6, 1, Array<number>(48).fill(level));
  const files = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [[`in/dark/${i}.png`, gray(10 + i)], [`in/light/${i}.png`, gray(220 + i)]])
      .flat(),
  );
  await withImages({ ...files, "a.jpg": jpegCases.gray.file, "b.png": gray(5) }, async (folder) => {
    const pictures = await readImageFolder(`${folder}/in`, { size: [4, 4], channels: 1 });
    const input = inputLayer({ shape: [null, 1, 4, 4] });
    const { model: trained } = await model({
      network: network("shades", logisticRegression(flattenLayer(input), { nClass: 2 })),
      data: data([pictures, pictures]),
      hyperparameters: { batchSize: 4, nEpochs: 20, learningRate: 0.5 },
    }).train();
    const file = `${folder}/shades.ym`;
    await trained.saveModel(file);
    const [a, b] = [`${folder}/a.jpg`, `${folder}/b.png`];
    const people = await run("predict", file, a, b, "--device", "wasm", "--top", "1");
    assertEquals(people.code, 0, people.err);
    assertMatch(people.out, /^\S+a\.jpg: (?:dark|light) \(\d+\.\d %\)\n\S+b\.png: dark \(\d+\.\d %\)$/);
    const { out: both } = await run("predict", file, b, "--device", "wasm");
    const shares = [...both.matchAll(/ \((\d+\.\d) %\)/g)].map(([, share]) => Number(share));
    assertMatch(both, /b\.png: dark \(.*\), light \(/);
    assertAlmostEquals(shares[0] + shares[1], 100, 0.11);
    const lines = (await run("predict", file, b, "--device", "wasm", "--json")).out.split("\n").map((line) =>
      JSON.parse(line)
    );
    assertEquals([lines[0].event, lines[0].class, lines[0].label], ["prediction", 0, "dark"]);
    const many = await run("predict", file, b, "--device", "wasm", "--top", "3");
    assertEquals(many.code, 2);
    assertStringIncludes(many.err, "option --top cannot be 3: the model has 2 classes");
    assertStringIncludes((await run("predict", file, b, "--ink", "dark")).err, "has no effect on a model");
    const { code, err } = await run("predict", file, `${folder}/in`);
    assertEquals([code, err.split("\n").at(-2)], [
      3,
      `error: Cannot read ${folder}/in: it is a folder; give the path of a file`,
    ]);
    const digits = await run("predict", file, "--examples", "2");
    assertEquals([digits.code, digits.err], [
      3,
      `error: Cannot predict with ${file}: it was trained on a folder of pictures; pass files of pictures instead of --examples\n`,
    ]);
    assertStringIncludes(
      (await run("evaluate", file)).err,
      "it was trained on a folder of pictures; read such a folder",
    );
  });
});
