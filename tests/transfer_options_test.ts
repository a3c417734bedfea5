/**
 * Tests each option of a transfer of weights against what its definition says.
 */

import { assertEquals, assertThrows } from "@std/assert";
import { random, tensor } from "../core/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { FileFormatError, network, type TransferOptions, transferWeights } from "../model/mod.ts";
import { keysOf } from "../model/training/keys.ts";
import { transferOptions } from "../model/transfer_weights.ts";
import { inFolder } from "./in_folder.ts";
import { testOptions } from "./option_definitions.ts";

const input = inputLayer({ shape: [null, 1] });

/** Two lines, one after the other. */
function lines(first: string, second: string) {
  const inner = denseLayer(input, { nUnits: 1, name: first });
  return network("lines", [input, inner, denseLayer(inner, { nUnits: 1, name: second })]);
}

const line = (W: number, b: number) => ({ W: tensor([[W]]), b: tensor([b]) });
const from = lines("a", "b").withWeights({ params: { a: line(1, 2), b: line(3, 4) }, state: {} });

/** The weights after a transfer, by layer. */
async function transferred(options: TransferOptions, to = lines("a", "b")): Promise<Record<string, readonly number[]>> {
  const own = to.withWeights({
    params: Object.fromEntries(to.layers.slice(1).map(({ name }) => [name, line(8, 9)])),
    state: {},
  });
  const { network } = transferWeights(from, own, options);
  const found = Object.entries(network.params).map(async ([name, { W, b }]) =>
    [name, [await W.item(), await b.item()]] as const
  );
  return Object.fromEntries(await Promise.all(found));
}

testOptions<TransferOptions>("transferWeights", transferOptions, {
  layers: async () => {
    assertEquals(await transferred({}), { a: [1, 2], b: [3, 4] });
    assertEquals(await transferred({ layers: "b" }), { a: [8, 9], b: [3, 4] });
    assertEquals(await transferred({ layers: ["*/b", "a/W"] }), { a: [1, 2], b: [8, 4] });
  },
  rename: async () => {
    const rename = { a: "c", "b/W": "b/other" };
    assertEquals(await transferred({ rename }, lines("c", "b")), { c: [1, 2], b: [8, 4] });
    // Exchanged.
    assertEquals(await transferred({ rename: { a: "b", b: "a" } }), { a: [3, 4], b: [1, 2] });
    const exchange = (path: string) => path.replace(/^[ab]/, (layer) => layer === "a" ? "b" : "a");
    assertEquals(await transferred({ rename: exchange }), { a: [3, 4], b: [1, 2] });
  },
  seed: async () => {
    // The other weights are those with which a training with this seed begins.
    for (const seed of [1, 2]) {
      const { network: got } = transferWeights(from, lines("a", "b"), { layers: "a", seed });
      const initial = lines("a", "b").init(keysOf(seed).init);
      assertEquals(await got.params.b.W.data(), await initial.params.b.W.data());
      if (seed > 1) continue;
      const { network: byDefault } = transferWeights(from, lines("a", "b"), { layers: "a" });
      assertEquals(await byDefault.params.b.W.data(), await initial.params.b.W.data());
    }
    const [one, two] = [1, 2].map((seed) => lines("a", "b").init(random.key(seed)).params.b.W.data());
    assertEquals((await one)[0] === (await two)[0], false);
  },
  limitBytes: async () => {
    await inFolder(async (folder) => {
      const file = `${folder}/w.yp`;
      await from.saveParams(file);
      const { size } = Deno.statSync(file);
      assertEquals(transferWeights(file, lines("a", "b"), { limitBytes: size }).left, []);
      assertThrows(
        () => transferWeights(file, lines("a", "b"), { limitBytes: size - 1 }),
        FileFormatError,
        `at most ${size - 1} bytes`,
      );
    });
  },
});
