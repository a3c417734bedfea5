import { assert, assertEquals, assertRejects } from "@std/assert";
import { data, ImagePreprocessing, readImageFolder, readImages, split } from "../data/mod.ts";
import { pngFile, withImages } from "../data/images/test_images.ts";
import { convLayer, flattenLayer, inputLayer, logisticRegression } from "../layers/mod.ts";
import { adam } from "../optim/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { FileFormatError } from "./files/errors.ts";
import { loadModel } from "./files/load_model.ts";
import { saveModel } from "./files/save_model.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";

/** Pictures with blue stripes that lie, or red ones that stand. */
function stripes(isLying: boolean, i: number): Uint8Array<ArrayBuffer> {
  const [width, height] = [10 + i % 3, 11];
  const values = Array.from({ length: width * height }, (_, at) => {
    const place = isLying ? Math.floor(at / width) : at % width;
    return (place + i) % 4 < 2 ? [90, 90, 90] : isLying ? [20, 40, 200 + i] : [200 + i, 40, 20];
  });
  return pngFile(width, 3, values.flat());
}

const files = Object.fromEntries(
  [true, false].flatMap((isLying) =>
    Array.from({ length: 20 }, (_, i) => [`${isLying ? "lying" : "standing"}/${i}.png`, stripes(isLying, i)])
  ),
);

for (const side of [8, 7]) {
  testOnEveryDevice(`a model learns from a folder of pictures of ${side} pixels, and predicts others`, async () => {
    await withImages(files, async (folder) => {
      const pictures = await readImageFolder(folder, { size: [side, side] });
      const sets = data(split(pictures, [0.6, 0.2, 0.2], { stratify: true }), { name: "stripes" });
      assertEquals([sets.sampleShape, sets.classes], [[3, side, side], 2]);
      const input = inputLayer({ shape: [null, 3, side, side] });
      const seen = convLayer(input, { filterShape: [4, 3, 3, 3], activation: "relu" });
      const { model: trained, report } = await model({
        network: network("stripes", logisticRegression(flattenLayer(seen), { nClass: 2 })),
        data: sets,
        hyperparameters: { batchSize: 8, nEpochs: 20, learningRate: 0.01 },
        updates: adam,
      }).train();
      assertEquals(report.testError, 0);

      const file = `${folder}/stripes.ym`;
      await saveModel(trained, file);
      const loaded = await loadModel(file);
      assert(loaded.preprocessing instanceof ImagePreprocessing);
      assertEquals(loaded.preprocessing, pictures.preprocessing);
      const own = await readImages([stripes(false, 5), stripes(true, 6)], loaded.preprocessing);
      const predicted = [...await loaded.predict(own).data()].map((one) => pictures.classes[Number(one)]);
      assertEquals(predicted, ["standing", "lying"]);

      // A set of pictures, and one of its tensors, are evaluated like those of the training.
      assertEquals((await loaded.evaluate(pictures)).error, 0);
      assertEquals((await loaded.evaluate(sets.validation)).error, 0);
    });
  });
}

Deno.test("pictures in less memory than they take give the same weights", async () => {
  await withImages(files, async (folder) => {
    const weights = [];
    for (const limitBytes of [2 ** 20, 100]) {
      using pictures = await readImageFolder(folder, {
        size: [8, 8],
        cache: `${folder}/../cache of stripes`,
        limitBytes,
      });
      const input = inputLayer({ shape: [null, 3, 8, 8] });
      const { model: trained } = await model({
        network: network("softmax", logisticRegression(flattenLayer(input), { nClass: 2 })),
        data: data(split(pictures, [0.7, 0.3])),
        hyperparameters: { batchSize: 7, nEpochs: 3, learningRate: 0.1 },
      }).train();
      weights.push(await trained.network.params["LogisticRegression 1"].W.data());
    }
    assertEquals(weights[0], weights[1]);
    await Deno.remove(`${folder}/../cache of stripes`, { recursive: true });
  });
});

Deno.test("a damaged preprocessing of pictures in a file is named", async () => {
  await withImages({ "a/1.png": pngFile(1, 1, [3]), "b/1.png": pngFile(1, 1, [5]) }, async (folder) => {
    const pictures = await readImageFolder(folder, { size: [1, 1], channels: 1 });
    const input = inputLayer({ shape: [null, 1, 1, 1] });
    const file = `${folder}/a.yc`;
    const parts = { network: network("n", logisticRegression(flattenLayer(input), { nClass: 2 })) };
    model({ ...parts, data: data([pictures, pictures]) }).toConf(file);
    const conf = JSON.parse(await Deno.readTextFile(file));
    for (const [part, odd] of [["channels", 2], ["size", [0, 1]], ["fit", "fill"], ["classes", [1]]] as const) {
      const damaged = { ...conf, preprocessing: { ...conf.preprocessing, [part]: odd } };
      await Deno.writeTextFile(file, JSON.stringify(damaged));
      await assertRejects(async () => await Promise.resolve(model({}).fromConf(file)), FileFormatError, part);
    }
  });
});
