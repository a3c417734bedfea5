/**
 * Every option of every kind of layer: declared, checked, written to the configuration, and used.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { jit } from "../core/jit.ts";
import { key } from "../core/random/bits.ts";
import { uniform } from "../core/random/distributions.ts";
import type { Tensor } from "../core/tensor.ts";
import { valueAndGrad } from "../core/gradients.ts";
import { layerFromConfiguration, layerKinds } from "./registry.ts";
import type { Initial, Layer, Parameters } from "./layer.ts";
import { misspelled } from "../tests/options_of.ts";
import { changed, type Given, type Subject, subjects } from "./test_kinds.ts";

const all: readonly (readonly [name: string, subject: Subject])[] = Object.entries(subjects);

/** Options that change only the name of a layer. */
const names: readonly string[] = ["name"];

function inputsOf({ kind, incoming, outputShape }: Layer): Tensor[] {
  const shapes = incoming.length > 0 ? incoming.map((layer) => layer.outputShape) : [outputShape];
  return shapes.map((shape, i) => {
    const x = uniform(key(i), shape.map((extent) => extent ?? 7));
    return kind === "Embedding" ? x.mul(2).floor() : x; // two tokens, which every table has
  });
}

/** What one step of training computes: output, state, gradients, penalty and a step of pre-training. */
function trained(layer: Layer, { params, state }: Initial, inputs: readonly Tensor[]) {
  const input = inputs.length === 1 ? inputs[0] : inputs;
  const cost = (params: Parameters): [Tensor, Tensor, typeof state] => {
    const { output, state: after } = layer.apply(params, input, { train: true, key: key(2), state });
    // Steep, so that limits of gradients are reached.
    return [output.square().sum().mul(1000), output, after];
  };
  const predicted = layer.apply(params, input, { train: false, state }).output;
  const pretrained = layer.pretraining?.step({ params, state }, inputs[0], key(3)) ?? null;
  return {
    predicted,
    penalty: layer.penalty?.(params) ?? null,
    pretrained: pretrained && { ...pretrained },
    ...(Object.keys(params).length > 0
      ? { learned: valueAndGrad(cost)(params) }
      : { output: layer.apply(params, input, { train: true, key: key(2), state }).output }),
  };
}

/** The behavior of a layer, as text. */
async function behaviorOf(layer: Layer): Promise<string> {
  const initial = layer.init(key(1));
  const results = jit((initial: Initial, inputs: Tensor[]) => trained(layer, initial, inputs))(
    initial,
    inputsOf(layer),
  );
  const texts: string[] = [];
  const visit = async (value: unknown): Promise<void> => {
    if (typeof value !== "object" || value === null) return;
    if (isTensor(value)) texts.push(`${value.shape}: ${await value.data()}`);
    else for (const one of Object.values(value)) await visit(one);
  };
  await visit({ initial, results });
  const { epochs, batchSize, learningRate } = layer.pretraining ?? {};
  return JSON.stringify([layer.outputShape, texts, epochs, batchSize, learningRate]);
}

function isTensor(value: object): value is Tensor {
  return "shape" in value && "data" in value;
}

/** The layer, rebuilt from the configuration that a file contains. */
function again({ kind, configuration, incoming }: Layer): Layer {
  return layerFromConfiguration({ kind, configuration: JSON.parse(JSON.stringify(configuration)) }, incoming);
}

Deno.test("every kind of layer has an exported function, and every such function makes a kind of layer", () => {
  assertEquals(all.map(([, { kind }]) => kind.kind).sort(), [...layerKinds].sort());
  for (const [, { kind, make }] of all) assertEquals(make({}).kind, kind.kind);
});

for (const [name, subject] of all) {
  Deno.test(`each option of ${name} changes what the layer does, and its configuration, from which it can be rebuilt`, async () => {
    const { kind, make } = subject;
    const plain = make({});
    const before = await behaviorOf(plain);
    assertEquals(await behaviorOf(make({})), before, "a layer always does the same");
    for (const option of Object.keys(kind.options).filter((one) => !names.includes(one))) {
      const change = changed(subject, option);
      assert(change, `no other value is known for ${option}`);
      const layer = make(change);
      assert(Object.hasOwn(layer.configuration, option), `${option} is not in the configuration`);
      assert(
        JSON.stringify(layer.configuration[option]) !== JSON.stringify(plain.configuration[option]),
        `${option} does not change the configuration`,
      );
      assertEquals(again(layer).configuration, layer.configuration, option);
      const after = await behaviorOf(layer);
      assert(after !== before, `${option} = ${JSON.stringify(change)} changes nothing`);
      assertEquals(await behaviorOf(again(layer)), after, `${option} from the configuration`);
    }
  });
}

Deno.test("a misspelled option of any layer is refused with the nearest name, from code and from a configuration", () => {
  for (const [, { kind, make, given }] of all) {
    for (const option of Object.keys(kind.options).filter(({ length }) => length > 3)) {
      const wrong = misspelled(option);
      const message = `Cannot make ${kind.kind}: unknown option "${wrong}"; did you mean ${option}?`;
      const { configuration, incoming } = make({});
      const attempts = [
        () => make({ [wrong]: 1 }),
        () => layerFromConfiguration({ kind: kind.kind, configuration: { ...configuration, [wrong]: 1 } }, incoming),
      ];
      for (const attempt of attempts) assertEquals(assertThrows(attempt, RangeError).message, message);
      assert(!Object.hasOwn(given, wrong));
    }
  }
});

Deno.test("a value of another kind is refused for every option of every layer, with the option and the layer", () => {
  for (const [, { kind, make }] of all) {
    for (const [option, { expected }] of Object.entries(kind.options)) {
      const message = `Cannot make ${kind.kind}: `;
      const error = assertThrows(() => make({ [option]: Symbol("of another kind") }), TypeError, message);
      assert(error.message.includes(`expected ${option} to be ${expected}`), error.message);
    }
  }
});

Deno.test("a required option that is missing is reported", () => {
  for (const [, { kind, make }] of all) {
    for (const [option, { required }] of Object.entries(kind.options)) {
      const missing: Given = { [option]: undefined };
      if (required) assertThrows(() => make(missing), TypeError, `expected ${option} to be`);
    }
  }
});
