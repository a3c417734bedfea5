/**
 * Examples of convolution.
 *
 * @module
 */

import { example } from "../../cli/example.ts";
import { convPoolLayer, denseLayer, flattenLayer, type Layer, reshapeLayer } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { classOutput, common, pixelInput, short } from "./settings.ts";

/** Reshapes rows of pixels to images with one channel: [batch, channel, height, width]. */
function imagesOf(pixels: Layer): Layer {
  return reshapeLayer(pixels, { outputShape: [null, 1, 28, 28], name: "Images" });
}

/** One layer of filters. */
export const convpool = example({
  title: "one convolution and pooling layer",
  hyperparameters: { ...common, nEpochs: 200, batchSize: 500, learningRate: 0.01, nFilters: 20 },
  short,
  build({ nFilters }) {
    const input = pixelInput();
    const images = imagesOf(input);
    const filters = convPoolLayer(images, { filterShape: [nFilters, 1, 5, 5], poolSize: [2, 2], name: "ConvPool" });
    const flat = flattenLayer(filters, { name: "Flatten" });
    return network("convpool", [input, images, filters, flat, classOutput(flat)]);
  },
});

/** Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998. */
export const lenet5 = example({
  title: "LeNet-5: two convolution and pooling layers, a dense layer of 500 units",
  hyperparameters: {
    ...common,
    nEpochs: 200,
    batchSize: 500,
    learningRate: 0.1,
    nFilters1: 20,
    nFilters2: 50,
    nUnits: 500,
  },
  short,
  build({ nFilters1, nFilters2, nUnits }) {
    const pool = { poolSize: [2, 2] } as const;
    const input = pixelInput();
    const images = imagesOf(input);
    const first = convPoolLayer(images, { filterShape: [nFilters1, 1, 5, 5], ...pool, name: "ConvPool 1" });
    const second = convPoolLayer(first, { filterShape: [nFilters2, nFilters1, 5, 5], ...pool, name: "ConvPool 2" });
    const flat = flattenLayer(second, { name: "Flatten" });
    const hidden = denseLayer(flat, { nUnits, name: "Hidden layer" });
    return network("lenet5", [input, images, first, second, flat, hidden, classOutput(hidden)]);
  },
});
