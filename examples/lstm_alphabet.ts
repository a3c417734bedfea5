/**
 * Learns the alphabet: an LSTM sees two letters and predicts the next one.
 *
 * ```sh
 * deno run -A examples/lstm_alphabet.ts [EPOCHS]
 * ```
 *
 * Trains for EPOCHS epochs (default: 50), which takes seconds and needs no downloads, and prints:
 *
 * ```text
 * After 50 epochs: training loss 0.0061, test error 0 %
 * ABCDEFGHIJKLMNOPQRSTUVWXYZ
 * ```
 *
 * @module
 */

import {
  adam,
  alphabet,
  alphabetLoader,
  data,
  inputLayer,
  logisticRegression,
  lstm,
  model,
  network,
  oneHot,
  tensor,
} from "../mod.ts";

const [epochs = "50"] = Deno.args;

// The data: AB → C, BC → D, …, XY → Z. Letters are one-hot rows, so a run of two is [2, 26].
const seen = 2;
const runs = data(alphabetLoader(seen), { name: "alphabet" });

// The network: 32 units read the letters one after the other; a softmax has one class per letter.
const input = inputLayer({ shape: [null, seen, alphabet.length], name: "Letters" });
const memory = lstm(input, { nUnits: 32, lastOnly: true, name: "Memory" });
const output = logisticRegression(memory, { nClass: alphabet.length, name: "Next letter" });

// The model. No examples are held back: the alphabet has 24 such runs, and all of them must be learned.
const untrained = model({
  name: "lstm alphabet",
  network: network("lstm alphabet", [input, memory, output]),
  data: runs,
  hyperparameters: { batchSize: 8, nEpochs: Number(epochs), learningRate: 0.01 },
  updates: adam,
});
const { model: trained, report } = await untrained.train({ earlyStop: false });
const { epochs: done, history, testError } = report;
console.log(`After ${done} epochs: training loss ${history.at(-1)?.trainLoss.toFixed(4)}, test error ${testError} %`);

// Start with the first two letters, then repeatedly predict the next one from the last two.
let text = alphabet.slice(0, seen);
while (text.length < alphabet.length) {
  const numbers = [...text.slice(-seen)].map((letter) => alphabet.indexOf(letter));
  const x = oneHot(tensor([numbers]), alphabet.length); // [1, 2, 26]
  const [next] = await trained.predict(x).data();
  text += alphabet[next];
}
console.log(text);
