import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { encode } from "fast-png";
import { digits } from "../data/mod.ts";
import { full, random, zeros } from "../core/mod.ts";
import { inputLayer, logisticRegression } from "../layers/mod.ts";
import { loadModel, model, network, readConfiguration, readFolder } from "../model/mod.ts";
import { inFolder } from "../tests/in_folder.ts";
import { run } from "./testing.ts";

const small = ["--data", "digits", "--train-size", "1500", "--device", "wasm"];

/** A folder with a model that was trained on a few digits. */
async function withModel(work: (folder: string, file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/mlp.ym`;
    const args = ["mlp", ...small, "--epochs", "9", "--set", "nUnits=60", "--save", file, "--quiet"];
    assertEquals((await run(...args)).code, 0);
    await work(folder, file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A digit as in a photograph: large, dark on light, not centered. */
function photograph(pixels: ArrayLike<number>): Uint8Array {
  const [scale, margin] = [5, 37];
  const side = 28 * scale + 2 * margin;
  const data = new Uint8Array(side * side * 3).fill(230);
  for (let y = 0; y < 28 * scale; y++) {
    for (let x = 0; x < 28 * scale; x++) {
      const ink = pixels[Math.floor(y / scale) * 28 + Math.floor(x / scale)];
      const place = ((y + margin / 2 | 0) * side + x + margin) * 3;
      data.fill(Math.round(230 - 200 * ink), place, place + 3);
    }
  }
  return encode({ width: side, height: side, channels: 3, data });
}

Deno.test("evaluating a saved model gives the figures of its training", async () => {
  await withModel(async (_folder, file) => {
    const { code, out, err } = await run("evaluate", file, ...small, "--json");
    assertEquals(code, 0, err);
    const { sets, network, warning } = JSON.parse(out);
    assertEquals([network, sets.test.examples, sets.validation.examples], ["mlp", 300, 300]);
    assertStringIncludes(warning, "NOT MNIST");
    assert(!err.includes("It was trained on other data"), err);
    const { report } = loadModel(file);
    assert(report && report.testError !== null);
    assertAlmostEquals(sets.test.error, report.testError, 1e-9);
    assertEquals(sets.validation.error, report.validationError);
    const people = await run("evaluate", file, ...small, "--on", "test", "--quiet");
    assertMatch(people.out, /^test error [\d.]+ %, loss [\d.]+, 300 examples$/);
    assertStringIncludes((await run("evaluate", file, "--data", "digits", "--train-size", "60")).err, "on other data");
  });
});

Deno.test("data whose classes the model cannot have, or whose samples do not fit, are refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeModel(`${folder}/ten.ym`, 784);
    await writeModel(`${folder}/small.ym`, 9);
    for (const name of ["train", "t10k"]) {
      const images = new Uint8Array(16 + 20 * 784);
      images.set([0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 28, 0, 0, 0, 28]);
      const labels = Uint8Array.from({ length: 28 }, (_, i) => i % 2 === 0 ? 3 : 23);
      labels.set([0, 0, 8, 1, 0, 0, 0, 20]);
      await Deno.writeFile(`${folder}/${name}-images-idx3-ubyte`, images);
      await Deno.writeFile(`${folder}/${name}-labels-idx1-ubyte`, labels);
    }
    const given = ["--data", folder, "--device", "wasm"];
    const evaluated = await run("evaluate", `${folder}/ten.ym`, ...given);
    assertEquals(evaluated.code, 3, evaluated.err);
    assertStringIncludes(evaluated.err, 'Cannot evaluate "test net" on');
    assertStringIncludes(evaluated.err, "expected at most 10 classes, its outputs, got 24");
    const predicted = await run("predict", `${folder}/ten.ym`, "--examples", "2", ...given);
    assertStringIncludes(predicted.err, "expected at most 10 classes, its outputs, got 24");
    const other = await run("evaluate", `${folder}/small.ym`, ...given);
    assertEquals(other.code, 3, other.err);
    assertStringIncludes(other.err, "expected samples of [9], the input of the network, got [784]");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an output that is NaN is an error, not class 0", () =>
  inFolder(async (folder) => {
    const input = inputLayer({ shape: [null, 784] });
    const net = network("test net", [input, logisticRegression(input, { nClass: 10, name: "Last" })]);
    const weights = { params: { Last: { W: full([784, 10], NaN), b: zeros([10]) } }, state: {} };
    await model({ network: net.withWeights(weights) }).saveModel(`${folder}/bad.ym`);
    const { code, err, out } = await run("predict", `${folder}/bad.ym`, "--examples", "2", ...small);
    assertEquals([code, out], [3, ""], err);
    assertStringIncludes(err, "Cannot predict example 1 with test net: its output is NaN");
  }));

/** Writes an untrained model of ten classes. */
async function writeModel(file: string, features: number): Promise<void> {
  const input = inputLayer({ shape: [null, features] });
  const net = network("test net", [input, logisticRegression(input, { nClass: 10 })]);
  await model({ network: net.withWeights(net.init(random.key(1))) }).saveModel(file);
}

Deno.test("pictures and examples are predicted, with their probabilities", async () => {
  await withModel(async (folder, file) => {
    const examples = await run("predict", file, "--examples", "100", ...small, "--json", "--quiet");
    const predictions = examples.out.split("\n").map((line) => JSON.parse(line));
    assertEquals(predictions.length, 100);
    assert(!examples.err.includes("100 correct"), examples.err);
    for (const { probabilities } of predictions) {
      assert(Math.abs(probabilities.reduce((sum: number, one: number) => sum + one, 0) - 1) < 1e-5);
    }
    const right = predictions.filter((one) => one.class === one.target).length;
    assert(right > 75, `${right} of 100`);
    // Pictures of digits that the network has not seen, in the order in which they are drawn.
    const set = digits(77, 20);
    const pictures = Array.from({ length: 20 }, (_, i) => `${folder}/${i}.png`);
    const x = set.x.values;
    await Promise.all(pictures.map((path, i) => Deno.writeFile(path, photograph(x.slice(i * 784, (i + 1) * 784)))));
    const { code, out, err } = await run("predict", file, ...pictures, "--device", "wasm", "--json");
    assertEquals(code, 0, err);
    const found = out.split("\n").map((line) => JSON.parse(line).class);
    const hits = found.filter((one, i) => one === set.y[i]).length;
    assert(hits >= 14, `${hits} of 20: ${found} for ${set.y}`);
    const shown = await run("predict", file, pictures[0], "--show", "--top", "2", "--quiet");
    assertEquals(shown.out.split("\n").length, 28 + 1);
    assertMatch(shown.out, /0\.png: \d \([\d.]+ %\), \d \([\d.]+ %\)$/);
  });
});

Deno.test("a saved model is exported as parameters, configuration, or a folder with its figures", async () => {
  await withModel(async (folder, file) => {
    for (const [target, ...card] of [["a.yp"], ["a.yc"], ["hub", "--license", "mit"]]) {
      const { code, out, err } = await run("export", file, `${folder}/${target}`, ...card);
      assertEquals([code, out], [0, `${folder}/${target}`], err);
    }
    assertEquals(readConfiguration(`${folder}/a.yc`).network.name, "mlp");
    assertEquals(readFolder(`${folder}/hub`).tensors["Hidden layer 1/W"].shape, [784, 60]);
    const card = await Deno.readTextFile(`${folder}/hub/README.md`);
    assertStringIncludes(card, 'license: "mit"');
    assertMatch(card, /\| error \| test \| [\d.]+ % \|/);
    const edited = `${card}\nMy own words.\n`;
    await Deno.writeTextFile(`${folder}/hub/README.md`, edited);
    const kept = await run("export", file, `${folder}/hub`, "--license", "apache-2.0");
    assertEquals(kept.code, 0);
    assertStringIncludes(kept.err, `The model card ${folder}/hub/README.md was edited and is kept; remove it to`);
    assertEquals(await Deno.readTextFile(`${folder}/hub/README.md`), edited);
    const out = ["--out", `${folder}/again`];
    const again = ["train", "--config", `${folder}/a.yc`, ...small, "--epochs", "1", "--quiet", ...out];
    assertMatch((await run(...again)).out, /Training mlp took/);
    // The arguments of that run name no network, so it is that of its model.
    const resumed = await run("train", "--resume", ...out, ...small, "--epochs", "2", "--quiet");
    assertMatch(resumed.out, /Training mlp took/, resumed.err);
  });
});

Deno.test("names of files are printed in one line without control characters, whatever they are", async () => {
  await withModel(async (folder, file) => {
    const odd = `${folder}/\x1b]0;a\x07\nerror: b\u202e`;
    const shown = `${folder}/\\u001b]0;a\\u0007\\nerror: b\\u202e`;
    const printed = async (expected: string, ...args: string[]): Promise<void> => {
      const { code, out, err } = await run(...args);
      assertStringIncludes(out + err, expected);
      assert(!/[\p{Cc}\u202e]/u.test((out + err).replaceAll("\n", "")), JSON.stringify([code, out, err]));
      assert(!/^error: b/m.test(out + err), JSON.stringify([code, out, err]));
    };
    await printed(shown, "export", file, odd);
    await Deno.writeTextFile(`${odd}/README.md`, "edited");
    await printed(`${shown}/README.md`, "export", file, odd);
    await printed(shown, "export", `${odd}/no.ym`, `${folder}/a`);
    await printed(shown, "runs", "list", odd);
    await printed(shown, "mlp", ...small, "--epochs", "1", "--save", `${odd}/a.ym`);
    await printed(shown, "train", "--epochs", "2", `--resume=${odd}/a.ym`);
    await printed(shown, "mlp", ...small, "--epochs", "1", "--out", `${odd}/run`);
    for (const verb of ["show", "plot", "compare"]) await printed("", "runs", verb, `${odd}/run`, `${odd}/run`);
    await Deno.writeFile(`${odd}/a.png`, photograph(new Float32Array(784)));
    await printed(shown, "predict", file, `${odd}/a.png`);
    await printed(shown, "evaluate", `${odd}/none`);
  });
});

Deno.test("exporting replaces an earlier export, but no file of another program", async () => {
  await withModel(async (folder, file) => {
    const hub = `${folder}/hub`;
    for (const _ of [1, 2]) assertEquals((await run("export", file, hub)).code, 0);
    for (
      const [name, content] of [["config.json", '{ "model_type": "bert" }'], ["config.json", ""], [
        "model.safetensors",
        "\x02\0\0\0\0\0\0\0{}",
      ]]
    ) {
      const own = Deno.readFileSync(`${hub}/${name}`);
      await Deno.writeTextFile(`${hub}/${name}`, content);
      const { code, err } = await run("export", file, hub);
      assertEquals(code, 2);
      assertStringIncludes(err, `${hub}/${name} is not of an exported model, and would be lost; choose another folder`);
      assertEquals(await Deno.readTextFile(`${hub}/${name}`), content);
      Deno.writeFileSync(`${hub}/${name}`, own);
    }
  });
});

Deno.test("invalid arguments are refused before anything is loaded", async () => {
  await withModel(async (folder, file) => {
    const refuse = async (message: string, code: number, ...args: string[]) => {
      const { code: got, out, err } = await run(...args);
      assertEquals([got, out], [code, ""]);
      assertStringIncludes(err, message);
    };
    await refuse("expected a saved model (.ym) or a run folder", 2, "evaluate");
    await refuse(
      `Cannot read ${folder}/mpl.ym: there is no such file or run folder`,
      3,
      "evaluate",
      `${folder}/mpl.ym`,
    );
    await refuse("the folder contains no model.ym", 3, "predict", folder, "--examples", "1");
    await refuse("unknown on tset: did you mean test?", 2, "evaluate", file, "--on", "tset");
    await refuse("expected either pictures or --examples N", 2, "predict", file);
    await refuse("Cannot read nowhere.png: there is no such file", 3, "predict", file, "nowhere.png");
    await Deno.writeTextFile(`${folder}/text.png`, "no picture at all, though it is called one");
    await refuse("expected a PNG file, got a file of another kind", 3, "predict", file, `${folder}/text.png`);
    await refuse(
      "cannot export to a.ypp (folder names have no extension): did you mean yp?",
      2,
      "export",
      file,
      "a.ypp",
    );
    await refuse("expected a saved model and a target", 2, "export", file);
    await refuse('expected a target, got ""', 2, "export", file, "");
    await refuse("nothing was started", 3, "export", file, `${folder}/no/a.yp`);
    await refuse("Cannot resume from", 3, "train", "lenet5", "--resume", file, ...small);
    await refuse("option --resume needs a file", 2, "train", "mlp", "--resume");
    await refuse("nothing was started", 3, "mlp", ...small, "--save", `${folder}/no/a.ym`);
  });
});

const brief = ["--data", "digits", "--train-size", "60", "--device", "wasm", "--set", "nUnits=4"];

Deno.test("a run folder says what its model is, even if it is saved elsewhere", async () => {
  await inFolder(async (folder) => {
    const [own, apart, file, other] = ["own", "apart", "file.ym", "other.ym"].map((name) => join(folder, name));
    const trained = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await run("train", ...args);
      assertEquals(code, 0, err);
      return out + err;
    };
    const epochsOf = (file: string) => loadModel(file).report?.epochs;
    assert(!(await trained("mlp", ...brief, "--epochs", "1", "--out", own)).includes("its model in"));
    const events = await Deno.readTextFile(join(own, "events.jsonl"));
    assertStringIncludes(await trained("--resume", own, "--epochs", "2", "--save", other), `Model saved in ${other}`);
    assertEquals(await Deno.readTextFile(join(own, "events.jsonl")), events);
    assertEquals([epochsOf(join(own, "model.ym")), epochsOf(other)], [1, 2]);
    const { code, err } = await run("train", "--resume", own, "--epochs", "2", "--save", other, "--report");
    assertEquals(code, 2);
    assertStringIncludes(err, "option --report needs a run folder");

    const where = `Run saved in ${apart}, its model in ${file}`;
    assertStringIncludes(await trained("mlp", ...brief, "--epochs", "1", "--out", apart, "--save", file), where);
    assertEquals((await run("evaluate", apart, ...brief.slice(0, 6), "--quiet")).code, 0);
    assertStringIncludes(await trained("--resume", apart, "--epochs", "2"), where);
    assertEquals(epochsOf(file), 2);
    await Deno.remove(file);
    const lost = await run("evaluate", apart);
    assertEquals(lost.code, 3);
    assertStringIncludes(lost.err, `Cannot read ${apart}: its model was saved in ${file}, which is not there`);
  });
});

Deno.test("a run that is resumed with --full has the length of the network, whatever it was started with", async () => {
  await inFolder(async (folder) => {
    const config = join(folder, "short.json");
    await Deno.writeTextFile(config, '{ "epochs": 1 }');
    for (const [i, short] of [["--epochs", "1"], ["--set", "nEpochs=1"], ["--config", config]].entries()) {
      const out = join(folder, `run${i}`);
      await run("train", "mlp", ...brief, "--set", "patience=30", ...short, "--out", out);
      const { code, err } = await run("train", "--resume", out, "--full");
      assertEquals(code, 0, err);
      const { epochs = 0 } = loadModel(join(out, "model.ym")).report ?? {};
      assert(epochs > 1, `${short}`);
    }
  });
});

Deno.test("a run folder is evaluated with its own data, unless others are given", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "run");
    assertEquals((await run("logistic_regression", ...small, "--epochs", "1", "--out", out, "--quiet")).code, 0);
    for (const path of [out, join(out, "model.ym")]) {
      const { code, out: text, err } = await run("evaluate", path, "--device", "wasm");
      assertEquals(code, 0, err);
      assert(!err.includes("on other data"), err);
      assertStringIncludes(text, "300 examples");
    }
    const predicted = await run("predict", out, "--examples", "300", "--device", "wasm", "--json", "--quiet");
    assertEquals(predicted.out.split("\n").length, 300);
    assertStringIncludes((await run("evaluate", out, "--train-size", "60")).err, "on other data");
    // Runs of earlier versions say how many images they used only by their arguments.
    const events = join(out, "events.jsonl");
    await Deno.writeTextFile(events, (await Deno.readTextFile(events)).replace('"trainSize":1500,', ""));
    assert(!(await run("evaluate", out, "--device", "wasm")).err.includes("on other data"));
  });
});

Deno.test("a run folder whose model was saved elsewhere is evaluated with its own data", async () => {
  await inFolder(async (folder) => {
    const [out, file] = [join(folder, "run"), join(folder, "elsewhere.ym")];
    const saved = ["--epochs", "1", "--out", out, "--save", file, "--quiet"];
    assertEquals((await run("logistic_regression", ...small, ...saved)).code, 0);
    const { code, out: text, err } = await run("evaluate", out, "--device", "wasm");
    assertEquals(code, 0, err);
    assert(!err.includes("on other data"), err);
    assertStringIncludes(text, "300 examples");
  });
});

Deno.test("options that would have no effect are refused, with the reason", async () => {
  await withModel(async (folder, file) => {
    const refuse = async (message: string, ...args: string[]) => {
      const { code, err } = await run(...args);
      assertEquals(code, 2, err);
      assertStringIncludes(err, `option ${message}`);
    };
    const picture = `${folder}/7.png`;
    await refuse("--data needs --examples: pictures are", "predict", file, picture, "--data", "digits");
    await refuse("--train-size needs --examples", "predict", file, picture, "--train-size", "9");
    await refuse("--ink has no effect with --examples", "predict", file, "--examples", "1", "--ink", "dark");
    for (const option of ["--top=2", "--show"]) {
      await refuse(`${option.slice(0, 5)}`, "predict", file, "--examples", "1", "--json", option);
    }
    await refuse("--license needs a folder as the target", "export", file, `${folder}/a.yp`, "--license", "mit");
    await refuse("--summary needs a folder as the target", "export", file, `${folder}/a.yc`, "--summary", "x");
    await refuse("--svg needs the runs to draw", "runs", "list", folder, "--svg", `${folder}/a.svg`);
    await refuse("--json has no effect on plot", "runs", "plot", folder, "--json");
    await refuse("--plot has no effect with --json and --quiet", "mlp", "--plot", "--json", "--quiet");
    await refuse("--retry-failed needs --journal", "search", "mlp", "--set", "nUnits=1,2", "--retry-failed");
    const momentum = await run("train", "mlp", "--update", "sgd", "--set", "momentum=0.5");
    assertEquals(momentum.code, 2);
    assertStringIncludes(momentum.err, "mlp cannot use hyperparameter momentum: momentum is an option of");
  });
});

Deno.test("predicting more examples or classes than there are is refused, with how many there are", async () => {
  await withModel(async (_folder, file) => {
    const refuse = async (message: string, ...args: string[]) => {
      const { code, out, err } = await run("predict", file, ...small, "--quiet", ...args);
      assertEquals([code, out], [2, ""], err);
      assertStringIncludes(err, message);
    };
    await refuse("option --examples cannot be 99999: digits has 300 examples to predict", "--examples", "99999");
    await refuse("option --top cannot be 11: the model has 10 classes", "--examples", "1", "--top", "11");
  });
});
