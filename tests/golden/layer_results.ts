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

async function layerAsText(layer: Layer): Promise<string> {
  const { kind, name, outputShape, configuration, incoming } = layer;
  const inputs = incoming.map((one) => inputOf(one, kind === "Embedding" || kind === "EmbeddingLayer"));
  const input: LayerInput = inputs.length === 1 ? inputs[0] : inputs;
  const { params, state } = layer.init(key(5));
  const own = inputs.length === 0 ? inputOf(layer, false) : input;
  const results = [true, false].map((train) => layer.apply(params, own, { train, key: key(8), state }));
  return await describe({
    ...{ kind, name, outputShape, configuration, params, state },
    trained: results[0],
    applied: results[1].output,
    logits: layer.logits?.(params, own, { train: false, state }).output,
    penalty: layer.penalty?.(params),
  });
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
  }
  return found;
}

/** A layer of each kind. */
export const layerRecording: Recording = { name: "layers", texts };
