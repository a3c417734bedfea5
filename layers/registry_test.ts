import { assertEquals, assertThrows } from "@std/assert";
import { embedding } from "./attention/embedding.ts";
import { inputLayer } from "./input.ts";
import type { Layer } from "./layer.ts";
import { type LayerConfiguration, layerFromConfiguration, layerKinds } from "./registry.ts";

const input = inputLayer({ shape: [null, 4] });
const sequences = inputLayer({ shape: [null, 5, 3] });
const lengths = inputLayer({ shape: [null] });

const make = (kind: string, configuration: LayerConfiguration["configuration"], ...incoming: Layer[]): Layer =>
  layerFromConfiguration({ kind, configuration }, incoming);

Deno.test("a layer is made from its kind, its configuration and its incoming layers", () => {
  assertEquals(make("InputLayer", { shape: [null, 2] }).outputShape, [null, 2]);
  const dense = layerFromConfiguration({ kind: "DenseLayer", name: "Hidden", configuration: { nUnits: 7 } }, [input]);
  assertEquals([dense.kind, dense.name, dense.outputShape, dense.incoming[0] === input], [
    ...["DenseLayer", "Hidden", [null, 7], true],
  ]);
  for (const kind of ["RNN", "LSTM", "GRU"]) {
    const plain = make(kind, { nUnits: 6 }, sequences);
    const masked = make(kind, { nUnits: 6 }, sequences, lengths);
    assertEquals([plain.incoming.length, masked.incoming.length], [1, 2], kind);
    assertEquals(masked.incoming[1] === lengths, true);
  }
  const words = embedding(inputLayer({ shape: [null, 5] }), { nTokens: 9, nUnits: 3 });
  assertEquals(make(words.kind, { ...words.configuration }, words.incoming[0]).outputShape, [null, 5, 3]);
});

Deno.test("the number of incoming layers must fit the kind", () => {
  const message = (count: number) => `Cannot make DenseLayer: expected one incoming layer, got ${count}`;
  assertThrows(() => make("DenseLayer", { nUnits: 7 }), TypeError, message(0));
  assertThrows(() => make("DenseLayer", { nUnits: 7 }, input, input), TypeError, message(2));
  for (const count of [0, 3]) {
    assertThrows(
      () => make("GRU", { nUnits: 6 }, ...new Array<Layer>(count).fill(sequences)),
      TypeError,
      `Cannot make GRU: expected one or two incoming layers, got ${count}`,
    );
  }
});

Deno.test("unknown kinds and arguments of other kinds are refused", () => {
  assertEquals(new Set(layerKinds).size, layerKinds.length);
  assertThrows(() => make("DenseLayr", {}, input), RangeError, "DenseLayer");
  assertThrows(() => make("toString", {}, input), RangeError, "toString");
  assertThrows(() => layerFromConfiguration({ kind: "DenseLayer", configuration: [] as never }, [input]), TypeError);
  assertThrows(() => layerFromConfiguration(undefined as never, [input]), TypeError, "Cannot make a layer");
  assertThrows(
    () => layerFromConfiguration({ kind: "DenseLayer", configuration: { nUnits: 7 } }, input as never),
    TypeError,
    "Cannot make a layer",
  );
});
