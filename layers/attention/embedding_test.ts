import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { random, setDevice, tensor } from "../../core/mod.ts";
import { inputLayer } from "../input.ts";
import { embed, embedding, positionEmbedding } from "./embedding.ts";

await setDevice("wasm");
const mode = { train: false, state: {} };
const W = tensor([[1, 2], [3, 4], [5, 6]]);

Deno.test("tokens of any shape become the rows of the table", async () => {
  assertEquals(await embed({ W }, tensor(Int32Array.of(2, 0))).toArray(), [[5, 6], [1, 2]]);
  const layer = embedding(inputLayer({ shape: [null, 2] }), { nTokens: 3, nUnits: 2 });
  const { output } = layer.apply({ W }, tensor(Int32Array.of(1, 1, 0, 2)).reshape([2, 2]), mode);
  assertEquals(await output.toArray(), [[[3, 4], [3, 4]], [[1, 2], [5, 6]]]);
  assertEquals(layer.outputShape, [null, 2, 2]);
  assertEquals(layer.init(random.key(1)).params.W.shape, [3, 2]);
});

Deno.test("vectors of positions are added to those of each example", async () => {
  const layer = positionEmbedding(inputLayer({ shape: [null, 3, 2] }));
  const x = tensor([[[10, 10], [20, 20], [30, 30]], [[0, 0], [0, 0], [0, 1]]]);
  const { output } = layer.apply({ W }, x, mode);
  assertEquals(await output.toArray(), [[[11, 12], [23, 24], [35, 36]], [[1, 2], [3, 4], [5, 7]]]);
  assertEquals([layer.outputShape, layer.init(random.key(1)).params.W.shape], [[null, 3, 2], [3, 2]]);
});

Deno.test("initial vectors are normal with a deviation of 0.05", async () => {
  const layers = [
    embedding(inputLayer({ shape: [null] }), { nTokens: 100, nUnits: 100 }),
    positionEmbedding(inputLayer({ shape: [null, 100, 100] })),
  ];
  for (const layer of layers) {
    const { W } = layer.init(random.key(3)).params;
    assertAlmostEquals(await W.square().mean().item(), 0.0025, 5 * 0.0025 * Math.sqrt(2 / 1e4));
  }
});

Deno.test("embeddings need their counts, and positions an axis of time of a known length", () => {
  const input = inputLayer({ shape: [null, 2] });
  for (const options of [{ nTokens: 3 }, { nUnits: 2 }]) {
    assertThrows(() => Reflect.apply(embedding, undefined, [input, options]), TypeError, "Cannot make Embedding");
  }
  assertThrows(() => positionEmbedding(input), TypeError, "time, feature");
  const tokens = tensor(Int32Array.of(0));
  assertThrows(() => embed({ W: tensor(3) }, tokens), Error, "Cannot look up tokens");
  assertThrows(() => Reflect.apply(embed, undefined, [{}, tokens]), TypeError, "Cannot look up tokens");
  assertThrows(() => Reflect.apply(embed, undefined, [{ W }, [0]]), TypeError, "expected tokens to be a tensor");
  const message = assertThrows(() => positionEmbedding(inputLayer({ shape: [null, null, 2] })), TypeError).message;
  assert(message.startsWith("Cannot make PositionEmbedding"), message);
});
