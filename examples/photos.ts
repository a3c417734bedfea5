/**
 * Learns to tell pictures apart that lie in folders, one folder for each class.
 *
 * ```sh
 * deno run -A examples/photos.ts [FOLDER [PICTURE …]]
 * ```
 *
 * FOLDER contains a folder of PNG or JPEG files for each class, of any sizes. Without one, the program draws 240 circles,
 * crosses and triangles, of which circles are rare. It takes about ten seconds, writes the model to `photos.ym`, and prints,
 * with other times and similar numbers:
 *
 * ```text
 * 240 pictures: circle 40, cross 100, triangle 100
 * 168 for training, 36 for validation, 36 for the test
 *
 * Test set: error 0 %, recall of the classes on average 1
 *
 *    correct  predicted
 *     circle  circle 6
 *      cross  cross 15
 *   triangle  triangle 15
 *
 * circle/11.png: circle (100 %)
 * ```
 *
 * @module
 */

import { encode } from "fast-png";
import {
  adam,
  convPoolLayer,
  data,
  denseLayer,
  flattenLayer,
  inputLayer,
  logisticRegression,
  model,
  network,
  readImageFolder,
  readImages,
  recall,
  split,
} from "../mod.ts";
import { randomCrop, randomFlip } from "../data/augment/mod.ts";

/** A picture of 40 by 40 pixels: a circle, a cross or a triangle of some color, on a ground of another one. */
function draw(shape: string, i: number): Uint8Array {
  const side = 40;
  const [left, top, radius] = [14 + i * 7 % 12, 14 + i * 5 % 12, 9 + i * 3 % 5];
  const [ink, ground] = [[200, i * 37 % 90, 40 + i * 11 % 160], [i * 29 % 120, 120 + i * 13 % 100, 90]];
  const pixels = Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side - left, Math.floor(at / side) - top];
    const isInside = shape === "circle"
      ? x * x + y * y < radius * radius
      : shape === "cross"
      ? Math.min(Math.abs(x), Math.abs(y)) < radius / 4 && Math.max(Math.abs(x), Math.abs(y)) < radius
      : y < radius && y > 2 * Math.abs(x) - radius;
    return (isInside ? ink : ground).map((level) => level + (at * 7 + i * at) % 30);
  });
  return encode({ width: side, height: side, channels: 3, data: Uint8Array.from(pixels.flat()) });
}

/** Draws pictures in a new folder. */
async function drawnPictures(): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const [shape, count] of [["circle", 40], ["cross", 100], ["triangle", 100]] as const) {
    await Deno.mkdir(`${folder}/${shape}`);
    for (let i = 0; i < count; i++) await Deno.writeFile(`${folder}/${shape}/${i}.png`, draw(shape, i));
  }
  return folder;
}

const [folder = await drawnPictures(), ...others] = Deno.args;

// The pictures, all in one size. Those that cannot be read are left out.
const pictures = await readImageFolder(folder, { size: [32, 32], channels: 3, fit: "cover", broken: "skip" });
const { classes, counts, skipped } = pictures;
console.log(`${pictures.length} pictures: ${classes.map((name) => `${name} ${counts[name]}`).join(", ")}`);
for (const { reason } of skipped) console.log(reason);

// The sets, each with its share of every class.
const sets = split(pictures, [0.7, 0.15, 0.15], { stratify: true, seed: 1 });
const photos = data(sets, { name: "photos" });
const { training, validation } = photos;
const test = photos.test!;
console.log(`${training.length} for training, ${validation.length} for validation, ${test.length} for the test`);

// The network: two convolutions find parts of shapes, and a layer of units combines them.
const input = inputLayer({ shape: [null, ...photos.sampleShape] });
const edges = convPoolLayer(input, { filterShape: [8, 3, 5, 5], poolSize: [2, 2], activation: "relu" });
const parts = convPoolLayer(edges, { filterShape: [16, 8, 5, 5], poolSize: [2, 2], activation: "relu" });
const combined = denseLayer(flattenLayer(parts), { nUnits: 32, activation: "relu" });
const { model: trained } = await model({
  name: "photos",
  network: network("photos", logisticRegression(combined, { nClass: classes.length })),
  data: photos,
  hyperparameters: { batchSize: 16, nEpochs: 40, learningRate: 0.003, patienceEpochs: 15 },
  updates: adam,
}).train({
  classWeights: "balanced", // a rare class counts as much as the others
  augment: [randomFlip(), randomCrop({ padding: 3 })], // each epoch sees the pictures mirrored and moved in another way
});

// How good it is, also for rare classes, and what is taken for what.
const found = await trained.evaluate(test, { metrics: [recall({ average: "macro" })] });
const short = (value: number) => Number(value.toPrecision(3));
console.log(`\nTest set: error ${short(found.error)} %, recall of the classes on average ${short(found.recall)}\n`);
const [correct, predicted] = await Promise.all([test.y.data(), trained.predict(test.x).data()]);
const width = Math.max(9, ...classes.map(({ length }) => length + 2));
console.log(`${"correct".padStart(width)}  predicted`);
classes.forEach((name, label) => {
  const numbers = [...predicted].filter((_, i) => correct[i] === label);
  const taken = classes.map((other, k) => [other, numbers.filter((one) => one === k).length] as const);
  const shown = taken.filter(([, count]) => count > 0).map(([other, count]) => `${other} ${count}`);
  console.log(`${name.padStart(width)}  ${shown.join(", ")}`);
});

// Pictures of one's own: they are read like those of the folder.
const own = others.length > 0 ? others : [`${folder}/${pictures.files[3]}`];
const read = await readImages(own, trained.preprocessing);
const probabilities = await trained.getOutput(read).toArray() as number[][];
console.log();
own.forEach((file, i) => {
  const best = probabilities[i].indexOf(Math.max(...probabilities[i]));
  const name = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
  console.log(`${name}: ${classes[best]} (${Math.round(100 * probabilities[i][best])} %)`);
});

await trained.saveModel("photos.ym");
