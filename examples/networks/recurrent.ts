/**
 * Examples that read an image from top to bottom, one row of pixels each time step.
 *
 * @module
 */

import { type Example, example } from "../../cli/example.ts";
import { gru, type Layer, lstm, type RecurrentOptions, reshapeLayer, rnn } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { classOutput, common, pixelInput } from "./settings.ts";

function readRows(name: string, title: string, makeLayer: (rows: Layer, options: RecurrentOptions) => Layer): Example {
  return example({
    title,
    hyperparameters: { ...common, batchSize: 64, learningRate: 0.001, nUnits: 128 },
    update: "adam",
    build({ nUnits }) {
      const input = pixelInput();
      const rows = reshapeLayer(input, { outputShape: [null, 28, 28], name: "Rows" }); // [batch, time, pixel]
      const last = makeLayer(rows, { nUnits, lastOnly: true, name: "Recurrent layer" });
      return network(name, [input, rows, last, classOutput(last)]);
    },
  });
}

/** The simple recurrent network. With its default activation, sigmoid, little would reach the last row in few epochs. */
export const rnnExample = readRows(
  "rnn",
  "a recurrent layer of 128 units, row by row",
  (rows, options) => rnn(rows, { ...options, activation: "tanh" }),
);

/** Long short-term memory. */
export const lstmExample = readRows("lstm", "long short-term memory of 128 units, row by row", lstm);

/** Gated recurrent units. */
export const gruExample = readRows("gru", "128 gated recurrent units, row by row", gru);
