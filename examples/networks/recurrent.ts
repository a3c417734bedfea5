/**
 * Examples that read an image from top to bottom, one row of pixels per time step.
 *
 * @module
 */

import { type Example, example } from "../../cli/example.ts";
import { gru, type Layer, lstm, type RecurrentOptions, reshapeLayer, rnn } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { classOutput, common, pixelInput, short } from "./settings.ts";

function readRows(name: string, title: string, makeLayer: (rows: Layer, options: RecurrentOptions) => Layer): Example {
  return example({
    title,
    hyperparameters: { ...common, batchSize: 64, learningRate: 0.001, nUnits: 128 },
    update: "adam",
    short,
    build({ nUnits }) {
      const input = pixelInput();
      const rows = reshapeLayer(input, { outputShape: [null, 28, 28], name: "Rows" }); // [batch, time, pixel]
      const last = makeLayer(rows, { nUnits, lastOnly: true, name: "Recurrent layer" });
      return network(name, [input, rows, last, classOutput(last)]);
    },
  });
}

/** The simple recurrent network. With its default activation, sigmoid, little information would reach the last row. */
export const rnnExample = readRows(
  "rnn",
  "a simple recurrent layer of 128 units that reads rows of pixels",
  (rows, options) => rnn(rows, { ...options, activation: "tanh" }),
);

/** Long short-term memory. */
export const lstmExample = readRows("lstm", "an LSTM layer of 128 units that reads rows of pixels", lstm);

/** Gated recurrent units. */
export const gruExample = readRows("gru", "a GRU layer of 128 units that reads rows of pixels", gru);
