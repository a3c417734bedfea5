/**
 * A layer of each kind, with its defaults and with all options changed: what it declares, its first tensors, and its
 * outputs in training and afterwards.
 *
 * @module
 */

import { setDevice } from "../../core/device.ts";
import { key } from "../../core/random/bits.ts";
import { tensor } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Layer, LayerInput } from "../../layers/layer.ts";
import * as layers from "../../layers/mod.ts";
import { changed, type Given, type Subject, subjects } from "../../layers/test_kinds.ts";
import { describe } from "./describe.ts";
import { optionAsText } from "./option_text.ts";
import type { Recording } from "./recording.ts";

/** Numbers without an order that a mistake could keep, of both signs; for embeddings, small whole numbers. */
function inputOf({ outputShape }: Layer, isIndex: boolean): Tensor {
  const shape = outputShape.map((extent) => extent ?? 3);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from({ length: count }, (_, i) => isIndex ? i * 5 % 7 : ((i * 37 + 11) % 53 - 20) / 29);
  return tensor(values, shape);
}

/** The input of a layer; an input layer gets its own output. */
function inputsOf(layer: Layer): [LayerInput] {
  const { kind, incoming } = layer;
  const inputs = incoming.map((one) => inputOf(one, kind.startsWith("Embedding") || one.outputShape.length === 1));
  return [inputs.length === 0 ? inputOf(layer, false) : inputs.length === 1 ? inputs[0] : inputs];
}

async function layerAsText(layer: Layer): Promise<string> {
  const { kind, name, outputShape, configuration } = layer;
  const [own] = inputsOf(layer);
  const { params, state } = layer.init(key(5));
  const results = [true, false].map((train) => layer.apply(params, own, { train, key: key(8), state }));
  return await describe({
    ...{ kind, name, outputShape, configuration, params, state },
    trained: results[0],
    applied: results[1].output,
    logits: layer.logits?.(params, own, { train: false, state }).output,
    penalty: layer.penalty?.(params),
  });
}

/** The shape, the outputs and the penalty of a layer, and the state after training. */
async function outputsAsText(layer: Layer): Promise<string> {
  const [input] = inputsOf(layer);
  const { params, state } = layer.init(key(5));
  const trained = layer.apply(params, input, { train: true, key: key(8), state });
  const { output } = layer.apply(params, input, { train: false, state });
  const { outputShape } = layer;
  return await describe({ outputShape, trained, output, penalty: layer.penalty?.(params) });
}

/** All changes of single options that are possible together. */
function allChanged(subject: Subject): Given {
  let given: Given = {};
  for (const name of Object.keys(subject.kind.options)) {
    const more = changed(subject, name);
    if (more === undefined) continue;
    try {
      subject.make({ ...given, ...more }).init(key(1));
      given = { ...given, ...more };
    } catch {
      // This option cannot be combined with those before it.
    }
  }
  return given;
}

async function texts(): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  for (const [name, subject] of Object.entries(subjects)) {
    const options = Object.entries(subject.kind.options).map(([option, one]) => `${option}: ${optionAsText(one)}`);
    found[`options of ${name}`] = options.join("\n");
    found[name] = await layerAsText(subject.make({}));
    found[`${name}, changed`] = await layerAsText(subject.make(allChanged(subject)));
    for (const option of Object.keys(subject.kind.options)) {
      const given = option === "name" ? undefined : changed(subject, option);
      if (given) found[`${name} ${option}`] = `${JSON.stringify(given)}\n${await outputsAsText(subject.make(given))}`;
    }
  }
  for (const [title, layer] of specialLayers()) found[title] = await outputsAsText(layer);
  return found;
}

const images = layers.inputLayer({ shape: [null, 2, 7, 6] });
const sequences = layers.inputLayer({ shape: [null, 5, 3] });
const lengths = layers.inputLayer({ shape: [null] });

/** Layers whose shapes and paddings are easily one off, and sequences of several lengths. */
function* specialLayers(): Generator<[title: string, layer: layers.Layer]> {
  for (const mode of ["max", "sum", "average_inc_pad", "average_exc_pad"] as const) {
    for (const [stride, pad] of [[[2, 1], [0, 0]], [[1, 3], [1, 0]], [[3, 2], [0, 1]], [[2, 2], [1, 1]]] as const) {
      for (const ignoreBorder of [true, false]) {
        const options = { poolSize: [2, 3], mode, stride, pad, ignoreBorder } as const;
        yield [`pool ${JSON.stringify(options)}`, layers.poolLayer(images, options)];
      }
    }
  }
  for (const borderMode of ["valid", "full", "half", 1, [2, 1], [[0, 1], [2, 3]]] as const) {
    for (const [size, dilations] of [[[2, 3], [1, 1]], [[3, 2], [1, 2]], [[2, 2], [2, 1]]] as const) {
      const options = { borderMode, dilations, subsample: [2, 1] } as const;
      const title = JSON.stringify({ size, ...options });
      yield [`convolution ${title}`, layers.convLayer(images, { filterShape: [3, 2, ...size], ...options })];
    }
  }
  for (const goBackwards of [true, false]) {
    for (const lastOnly of [true, false]) {
      const options = { nUnits: 2, nOut: 2, goBackwards, lastOnly };
      for (const name of ["rnn", "lstm", "gru"] as const) {
        yield [`${name} with lengths ${JSON.stringify(options)}`, layers[name]([sequences, lengths], options)];
      }
    }
  }
}

/** A layer of each kind. */
export const layerRecording: Recording = { name: "layers", texts };
