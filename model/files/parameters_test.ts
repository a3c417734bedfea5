import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ones, tensor, zeros } from "../../core/mod.ts";
import { TensorMismatchError } from "./errors.ts";
import { readParameters, writeParameters } from "./parameters.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import { entriesOf, mismatches, treeOf } from "./tensor_entries.ts";

async function withFile(test: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".yp" });
  try {
    await test(path);
  } finally {
    await Deno.remove(path);
  }
}

const params = {
  "Hidden layer 1": { W: tensor([[1, 2], [3, 4]]), b: tensor([0.5, -0.5]) },
  "a/b~c": { mask: tensor([true]) },
};
const fresh = { "Hidden layer 1": { W: zeros([2, 2]), b: zeros([2]) }, "a/b~c": { mask: tensor([false]) } };

Deno.test("parameters are loaded into a network of the same name and shapes", async () => {
  await withFile(async (path) => {
    await writeParameters(path, { network: "mlp", params });
    const loaded = readParameters(path, { network: "mlp", params: fresh });
    assertEquals(await entriesOf(loaded), await entriesOf(params));
    assertEquals(await fresh["Hidden layer 1"].b.toArray(), [0, 0]);
  });
});

Deno.test("entries are named by their path, with slashes in names escaped", async () => {
  const names = Object.keys(await entriesOf({ ...params, list: [[ones([1])], null] }));
  assertEquals(names, ["Hidden layer 1/W", "Hidden layer 1/b", "a~1b~0c/mask", "list/0/0"]);
});

Deno.test("a wrong network and every tensor that does not fit are listed together", async () => {
  await withFile(async (path) => {
    await writeParameters(path, { network: "mlp", params });
    const other = { "Hidden layer 1": { W: zeros([2, 3]) }, output: { b: zeros([7]) }, "a/b~c": { mask: zeros([1]) } };
    const error = assertThrows(() => readParameters(path, { network: "lenet5", params: other }), TensorMismatchError);
    assertEquals(error.problems, [
      'network: expected "lenet5", got "mlp"',
      'tensor "Hidden layer 1/W": expected f32[2, 3], got f32[2, 2]',
      'tensor "output/b": expected f32[7], got none',
      'tensor "a~1b~0c/mask": expected f32[1], got bool[1]',
      'tensor "Hidden layer 1/b": expected none, got f32[2]',
    ]);
    assertEquals(error.file, path);
    assertEquals(
      error.message,
      `Cannot load ${path} (nothing was changed): network: expected "lenet5", got "mlp"; and 4 more`,
    );
  });
});

Deno.test("mismatches with names and shapes of any kind are said in one short line", async () => {
  await withFile(async (path) => {
    const names = Array.from({ length: 300 }, (_, i) => `\x1b]0;a\n${i}${"x".repeat(300)}`);
    await writeParameters(path, {
      network: "m\x1b[2Jlp",
      params: Object.fromEntries(names.map((name) => [name, ones(Array.from({ length: 200 }, () => 1))])),
    });
    for (const like of [{ network: "mlp", params }, { network: "m\x1b[2Jlp", params: {} }]) {
      const { message, problems } = assertThrows(() => readParameters(path, like), TensorMismatchError);
      assertMatch(message, /; and (299|303) more$/);
      for (const text of [message, ...problems]) assert(!/\p{Cc}/u.test(text) && text.length < 600 + path.length, text);
    }
    const shapes = (last: number) => ({ dtype: "f32", shape: [...Array.from({ length: 30 }, () => 1), last] } as const);
    const entries = { a: { ...shapes(2), values: Float32Array.of(1, 2) } };
    assertEquals(mismatches(entries, { a: zeros(shapes(2).shape) }), []);
    assertEquals(mismatches(entries, { a: zeros(shapes(3).shape) }).length, 1);
    const { message } = assertThrows(
      () => treeOf(entries, Object.fromEntries(names.map((name) => [name, zeros([])]))),
      TypeError,
    );
    assert(message.length < 500 && message.endsWith("; and 300 more"), message);
  });
});

Deno.test("parameters of another program, which name no network, are accepted if they fit", async () => {
  await withFile(async (path) => {
    await Deno.writeFile(path, new Blob(encodeSafetensors(await entriesOf(params))).stream());
    assertEquals(await entriesOf(readParameters(path, { network: "any", params: fresh })), await entriesOf(params));
  });
});

Deno.test("trees keep their form: arrays, empty records, null", async () => {
  const tree = { moments: [ones([2]), { m: ones([1]) }], none: null, empty: {} };
  const entries = await entriesOf(tree);
  const again = treeOf(entries, { moments: [zeros([2]), { m: zeros([1]) }], none: null, empty: {} });
  assertEquals(Object.keys(again), Object.keys(tree));
  assertEquals([again.none, again.empty, again.moments.length], [null, {}, 2]);
  assertEquals(await entriesOf(again), entries);
});

Deno.test("numbers in a tree are refused, because a file of tensors would lose them", async () => {
  await assertRejects(() => entriesOf({ momentum: { step: 3 } }), TypeError, "got number 3 at momentum/step");
  await assertRejects(() => entriesOf("x"), TypeError, "at the top");
});

Deno.test("a tree that does not fit its entries is not filled", async () => {
  const entries = await entriesOf({ a: ones([2]) });
  assertThrows(() => treeOf(entries, { a: zeros([3]) }), TypeError, 'tensor "a": expected f32[3], got f32[2]');
});

Deno.test("the name of the network is in the file's metadata", async () => {
  await withFile(async (path) => {
    await writeParameters(path, { network: "mlp", params });
    assertEquals(decodeSafetensors(await Deno.readFile(path)).metadata, {
      format: "yadll parameters",
      version: "1",
      network: "mlp",
    });
  });
});
