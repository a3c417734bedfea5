import { assert, assertEquals } from "@std/assert";
import { networks } from "../../examples/networks.ts";
import { inputLayer, logisticRegression } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { type Example, example, shortened } from "../example.ts";
import { main } from "../mod.ts";
import { run } from "../testing.ts";
import { lengthOf } from "./training.ts";

const softmax = example({
  title: "softmax regression",
  hyperparameters: { batchSize: 50, learningRate: 0.1, nEpochs: 3, momentum: 0.9, patience: 1000 },
  short: { nEpochs: 2 },
  build() {
    const input = inputLayer({ shape: [null, 784] });
    return network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
  },
});

/** The number of epochs of a training, and the line about it. */
async function trained(own: Example, ...args: string[]): Promise<[epochs: number, line: string | undefined]> {
  const [results, notes]: string[][] = [[], []];
  const output = {
    result: (line: string) => results.push(line),
    note: (text: string) => notes.push(text),
    columns: () => undefined,
  };
  const all = ["softmax", "--data", "digits", "--train-size", "50", "--device", "wasm", "--json", ...args];
  assertEquals(await main(all, { examples: { softmax: own }, output }), 0, notes.join(""));
  const { epochs } = JSON.parse(results[results.length - 1]);
  return [epochs, notes.find((line) => line.startsWith("Training:"))];
}

Deno.test("a network is trained for the epochs of its short training, and a line says so", async () => {
  const line = "Training: 2 epochs; with --full as documented: up to 3, until the validation error stops improving\n";
  assertEquals(await trained(softmax), [2, line]);
  assertEquals(await trained(softmax, "--full"), [3, undefined]);
  assertEquals(await trained(softmax, "--epochs", "1"), [1, undefined]);
  assertEquals(await trained(softmax, "--set", "nEpochs=4"), [4, undefined]);
});

Deno.test("a network without a short training is trained as it says", async () => {
  const { short: _, ...own } = softmax;
  assertEquals(await trained(own), [3, undefined]);
});

Deno.test("pre-training is shortened too, unless it is set", () => {
  const built = shortened(networks.stacked_denoising_autoencoder).build().layers;
  assertEquals(built.flatMap(({ layer: { pretraining } }) => pretraining?.epochs ?? []), [5, 5]);
  assertEquals(
    lengthOf(networks.dbn, {}),
    "Training: 5 epochs of pre-training per layer, then 5 epochs; with --full as documented: up to 1000, until the " +
      "validation error stops improving",
  );
  assert(lengthOf(networks.dbn, { pretrainingEpochs: 7 })?.startsWith("Training: 7 epochs of pre-training per layer"));
});

Deno.test("all example networks have a short training of at most 10 epochs", () => {
  for (const [name, { short, hyperparameters }] of Object.entries(networks)) {
    assert(short !== undefined && short.nEpochs <= 10 && hyperparameters.nEpochs >= 200, name);
    assertEquals(short.pretrainingEpochs !== undefined, hyperparameters.pretrainingEpochs !== undefined, name);
  }
});

Deno.test("--full is refused if no network is named, because a file has no other length of the training", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/model.ym`;
  const small = ["--data", "digits", "--train-size", "50", "--device", "wasm"];
  assertEquals((await run("logistic_regression", ...small, "--epochs", "1", "--save", file)).code, 0);
  const { code, err } = await run("train", "--resume", file, "--full");
  assertEquals(code, 2);
  assert(err.includes("option --full needs the name of a network"), err);
  assertEquals((await run("train", "logistic_regression", ...small, "--resume", file)).code, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the help of a network shows both numbers of epochs", async () => {
  const { out } = await run("lenet5", "--help");
  assert(/ nEpochs +200 \(maximum number of epochs; 10 without --full\)/.test(out), out);
});
