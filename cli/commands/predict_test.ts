import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { encode } from "fast-png";
import { random, setDevice, tensor } from "../../core/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { model } from "../../model/model.ts";
import { type Network, network } from "../../model/network.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { loadData } from "../load_data.ts";
import { run } from "../testing.ts";

const small = ["--data", "digits", "--train-size", "60", "--device", "wasm"];
/** All that is written of digits with `--quiet`. */
const WARNING = "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST\n";

const input = inputLayer({ shape: [null, 784] });

/** Probabilities that do not depend on the picture, from class 9 down. */
const shares = [0.25, 0.125, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.03125, 0.03125, 0.25];

async function save(file: string, net: Network): Promise<void> {
  await setDevice("wasm");
  await model({ network: net }).saveModel(file);
}

function constant(): Network {
  const net = network("constant", [input, logisticRegression(input, { nClass: 10, name: "last" })]);
  const W = tensor(new Float32Array(7840), [784, 10]);
  return net.withWeights({ params: { last: { W, b: tensor(shares.map(Math.log)) } }, state: {} });
}

/** The test set of the digits that the examples are. */
async function testSet() {
  const options = { trainSize: 60, signal: new AbortController().signal, onProgress: () => {} };
  const { data } = await loadData("digits", options);
  const { x, y, length } = data.test!;
  return { pixels: await x.data(), targets: [...await y.data()], length, x };
}

const SHADES = " .:-=+*#%@";

/** A picture as text. */
const drawn = (pixels: ArrayLike<number>): string[] =>
  Array.from({ length: 28 }, (_, row) => {
    const values = Array.from({ length: 28 }, (_, column) => pixels[28 * row + column]);
    return values.map((one) => SHADES[Math.round(Math.min(1, one) * 9)].repeat(2)).join("").trimEnd();
  });

Deno.test("examples are predicted with the most likely classes, and the true one if it is another", () =>
  inFolder(async (folder) => {
    const file = `${folder}/constant.ym`;
    await save(file, constant());
    const { targets, pixels, length } = await testSet();
    const line = (i: number, classes: string): string =>
      `example ${i + 1}: ${classes}${targets[i] === 0 ? "" : `; correct: ${targets[i]}`}`;
    const likely = "0 (25.0 %), 9 (25.0 %), 1 (12.5 %)";
    const { code, out, err } = await run("predict", file, "--examples", "12", ...small);
    assertEquals(code, 0, err);
    assertEquals(out, targets.slice(0, 12).map((_, i) => line(i, likely)).join("\n"));
    const right = targets.slice(0, 12).filter((one) => one === 0).length;
    assert(right > 0 && right < 12);
    assert(err.endsWith(`\n${right} of 12 correct\n`) && err.includes("WebAssembly"), err);
    const shown = await run("predict", file, "--examples", "2", ...small, "--top", "1", "--show", "--quiet");
    const picture = (i: number): string[] => drawn(pixels.slice(784 * i, 784 * (i + 1)));
    const lines = [0, 1].flatMap((i) => [...picture(i), line(i, "0 (25.0 %)")]);
    assertEquals([shown.out, shown.err], [lines.join("\n"), WARNING]);
    assertEquals((await run("predict", file, "--examples", "1", ...small, "--top", "10", "--quiet")).code, 0);
    const most = await run("predict", file, "--examples", "1", ...small, "--top", "11");
    assertEquals(most.code, 2);
    assertStringIncludes(most.err, "the model has 10 classes");
    assertEquals((await run("predict", file, "--examples", `${length}`, ...small, "--quiet")).code, 0);
    const all = await run("predict", file, "--examples", `${length + 1}`, ...small);
    assertStringIncludes(all.err, `has ${length} examples to predict`);
  }));

Deno.test("lines of JSON have the probabilities of all classes of each example", () =>
  inFolder(async (folder) => {
    const file = `${folder}/net.ym`;
    const net = network("net", [input, logisticRegression(input, { nClass: 10 })]);
    const ready = net.withWeights(net.init(random.key(3)));
    await save(file, ready);
    const { x, targets } = await testSet();
    const wanted = [...await ready.getOutput(x.slice([0], [3])).data()].map(Number);
    const { out, err } = await run("predict", file, "--examples", "3", ...small, "--json", "--quiet");
    const lines = out.split("\n").map((line) => JSON.parse(line));
    assertEquals([err, lines.length], [WARNING, 3]);
    lines.forEach(({ event, name, target, class: found, probabilities }, i) => {
      assertEquals([event, name, target], ["prediction", `example ${i + 1}`, targets[i]]);
      assertEquals(found, probabilities.indexOf(Math.max(...probabilities)));
      assertEquals(probabilities.length, 10);
      probabilities.forEach((one: number, k: number) => assertAlmostEquals(one, wanted[10 * i + k], 1e-5));
    });
  }));

/** Writes a picture of a digit of the test set, of light ink on dark ground. */
async function draw(file: string): Promise<void> {
  const { pixels } = await testSet();
  const data = Uint8Array.from({ length: 784 }, (_, i) => Math.round(255 * pixels[i]));
  await Deno.writeFile(file, encode({ width: 28, height: 28, channels: 1, data }));
}

Deno.test("pictures are predicted in order, and what cannot be predicted is named", () =>
  inFolder(async (folder) => {
    const [file, picture, empty] = [`${folder}/constant.ym`, `${folder}/digit.png`, `${folder}/empty.png`];
    await save(file, constant());
    await draw(picture);
    await Deno.writeFile(empty, encode({ width: 28, height: 28, channels: 1, data: new Uint8Array(784) }));
    const { out, err } = await run("predict", file, picture, picture, "--device", "wasm", "--top", "2");
    assertEquals(out, `${picture}: 0 (25.0 %), 9 (25.0 %)\n${picture}: 0 (25.0 %), 9 (25.0 %)`);
    assert(err.includes("WebAssembly") && !err.includes("correct"), err);
    const dark = await run("predict", file, picture, "--device", "wasm", "--show", "--ink", "dark", "--quiet");
    const light = await run("predict", file, picture, "--device", "wasm", "--show", "--ink", "light", "--quiet");
    assertEquals([light.out.split("\n").length, light.err], [29, ""]);
    assert(dark.out !== light.out);
    const blank = await run("predict", file, picture, empty, "--device", "wasm");
    assertEquals([blank.code, blank.out], [3, ""]);
    assertStringIncludes(blank.err, `error: ${empty}: `);
    const missing = await run("predict", file, picture, `${folder}/none.png`);
    assertEquals([missing.code, missing.err], [3, `error: Cannot read ${folder}/none.png: there is no such file\n`]);
  }));

Deno.test("a model whose inputs are no pictures, or whose outputs are no classes, is refused", () =>
  inFolder(async (folder) => {
    const picture = `${folder}/digit.png`;
    await draw(picture);
    const refused = async (net: Network): Promise<string> => {
      const file = `${folder}/${net.name}.ym`;
      await save(file, net.withWeights(net.init(random.key(1))));
      const { code, err } = await run("predict", file, picture, "--device", "wasm", "--quiet");
      assertEquals(code, 3, err);
      return err;
    };
    const nine = inputLayer({ shape: [null, 3, 3] });
    assertStringIncludes(
      await refused(network("nine", logisticRegression(nine, { nClass: 10 }))),
      "Cannot predict with nine: expected a network that maps 28×28 pictures to class probabilities, got one with inputs " +
        "[3, 3]",
    );
    assertStringIncludes(
      await refused(network("logits", denseLayer(input, { nUnits: 10, activation: "linear" }))),
      "got one with inputs [784]",
    );
    const heads = ["a", "b"].map((name) => [name, logisticRegression(input, { nClass: 10, name })]);
    assertStringIncludes(
      await refused(network("heads", Object.fromEntries(heads))),
      "got one with the inputs",
    );
  }));

Deno.test("options of predictions that have no effect are refused before anything is read", async () => {
  const refused = async (message: string, ...words: string[]): Promise<void> => {
    const { code, out, err } = await run("predict", ...words);
    assertEquals(code, 2, err);
    assertStringIncludes(err, message);
    assertEquals(out === "", !words.includes("--json"));
  };
  await refused("missing argument: expected a saved model (.ym) or a run folder");
  await refused("expected either pictures or --examples N", "a.ym");
  await refused("expected either pictures or --examples N", "a.ym", "b.png", "--examples", "2");
  await refused("--ink has no effect with --examples", "a.ym", "--examples", "2", "--ink", "dark");
  await refused("--data needs --examples", "a.ym", "b.png", "--data", "digits");
  await refused("--train-size needs --examples", "a.ym", "b.png", "--train-size", "9");
  await refused("--delimiter needs a CSV file", "a.ym", "b.png", "--delimiter", ";");
  for (const option of ["--show", "--ink=dark", "--top=2"]) {
    await refused("has no effect on a CSV file", "a.ym", "b.csv", option);
  }
  await refused("--show has no effect with --json", "a.ym", "b.png", "--json", "--show");
  await refused("--top has no effect with --json", "a.ym", "b.png", "--json", "--top", "2");
});

Deno.test("one CSV file is predicted at a time", () =>
  inFolder(async (folder) => {
    const [a, b] = [`${folder}/a.csv`, `${folder}/b.csv`];
    for (const file of [a, b]) await Deno.writeTextFile(file, "x\n1\n");
    await save(`${folder}/constant.ym`, constant());
    const { code, err } = await run("predict", `${folder}/constant.ym`, a, b);
    assertEquals([code, err.includes("expected one CSV file, or pictures")], [2, true], err);
    const single = await run("predict", `${folder}/constant.ym`, a, "--device", "wasm");
    assertStringIncludes(single.err, "table");
  }));
