import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { random, type Tensor } from "../core/mod.ts";
import { data, digitsLoader } from "../data/mod.ts";
import { batchNormalization, denseLayer, inputLayer, logisticRegression } from "../layers/mod.ts";
import { chain, freeze, parametersOf, sgd } from "../optim/mod.ts";
import { inFolder } from "../tests/in_folder.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { FileError, FileFormatError } from "./files/errors.ts";
import { exportModel } from "./files/model_folder.ts";
import { model } from "./model.ts";
import { network } from "./network.ts";
import { transferWeights } from "./transfer_weights.ts";

const pixels = inputLayer({ shape: [null, 784], name: "pixels" });

/** A network with a hidden layer, a normalization with state, and an output. */
function classifier({ hidden = "hidden", nUnits = 6, nClass = 10, name = "digits" } = {}) {
  const dense = denseLayer(pixels, { nUnits, name: hidden });
  const normal = batchNormalization(dense, { name: "normal" });
  return network(name, [pixels, dense, normal, logisticRegression(normal, { nClass, name: "output" })]);
}

const withWeights = (net: ReturnType<typeof classifier>, seed = 7) => net.withWeights(net.init(random.key(seed)));
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
const body = ["hidden/W", "hidden/b", "normal/gamma", "normal/beta", "normal/mean", "normal/variance"];
const same = async (a: Tensor, b: Tensor) => assertEquals(await a.data(), await b.data());

testOnEveryDevice("weights are transferred by name and shape, from networks and from files of every kind", async () => {
  await inFolder(async (folder) => {
    const digits = data(digitsLoader({ sizes: [60, 20, 20] }));
    const hyperparameters = { batchSize: 20, nEpochs: 2 };
    const { model: trained } = await model({ network: classifier(), data: digits, hyperparameters }).train();
    const { network: from } = trained;
    await trained.saveModel(`${folder}/m.ym`);
    await trained.train({ file: `${folder}/resumable.ym` });
    await from.saveParams(`${folder}/w.yp`);
    await exportModel(trained, `${folder}/exported`);
    const sources = [from, `${folder}/m.ym`, `${folder}/w.yp`, `${folder}/exported/model.safetensors`];
    for (const source of sources) {
      const to = withWeights(classifier({ nClass: 5 }), 8);
      const { network: got, ...report } = transferWeights(source, to);
      assertEquals(report, {
        matched: body,
        left: [],
        mismatched: [
          { name: "output/W", reason: "expected f32[6, 5], got f32[6, 10]" },
          { name: "output/b", reason: "expected f32[5], got f32[10]" },
        ],
        unused: [],
      });
      await same(got.params.hidden.W, from.params.hidden.W);
      await same(got.params.output.W, to.params.output.W);
      for (const name in got.state.normal) await same(got.state.normal[name], from.state.normal[name]);
      assertEquals([got.name, to.outputShape], [to.name, [null, 5]]);
    }
    assertEquals(transferWeights(`${folder}/resumable.ym`, classifier()).left, []);
    const blob = new Blob([await Deno.readFile(`${folder}/m.ym`)]);
    assertEquals((await transferWeights(blob, classifier())).mismatched, []);
  });
});

testOnEveryDevice("transferred layers that are frozen stay while the others learn", async () => {
  const set = { sizes: [60, 20, 20] as [number, number, number] };
  const { network: start, matched } = transferWeights(withWeights(classifier()), classifier(), { layers: "hidden" });
  assertEquals(matched, ["hidden/W", "hidden/b"]);
  const { model: tuned } = await model({
    network: start,
    data: data(digitsLoader(set)),
    hyperparameters: { batchSize: 20, nEpochs: 1 },
    updates: chain(sgd({ learningRate: 0.1 }), freeze(parametersOf("hidden"))),
  }).train();
  await same(tuned.network.params.hidden.W, start.params.hidden.W);
  assertNotEquals(await tuned.network.params.output.W.data(), await start.params.output.W.data());
});

Deno.test("layers select what gets weights, and what is left has a reason", async () => {
  const from = withWeights(classifier());
  const { left, matched, network: got } = transferWeights(from, classifier(), { layers: ["norm*", "output/b"] });
  assertEquals(matched.every((path) => path.startsWith("normal/") || path === "output/b"), true);
  assertEquals(left, [
    { name: "hidden/W", reason: "not selected by layers" },
    { name: "hidden/b", reason: "not selected by layers" },
    { name: "output/W", reason: "not selected by layers" },
  ]);
  // Those are the initial weights that a training with this seed would have.
  const { network: other } = transferWeights(from, classifier(), { layers: "output/b", seed: 3 });
  assertNotEquals(await got.params.hidden.W.data(), await other.params.hidden.W.data());
  assertThrows(() => transferWeights(from, classifier(), { layers: "hiden" }), RangeError, 'did you mean "hidden"?');
});

Deno.test("rename gives layers and tensors other names, by record or by function", () => {
  const from = withWeights(classifier({ hidden: "DenseLayer 1" }));
  const plain = transferWeights(from, classifier());
  assertEquals(names(plain.left), ["hidden/W", "hidden/b"]);
  assertEquals(plain.left[0].reason, "expected f32[784, 6], got none of this name");
  assertEquals(plain.unused, ["DenseLayer 1/W", "DenseLayer 1/b"]);
  for (
    const rename of [
      { "DenseLayer 1": "hidden" },
      { "DenseLayer 1/W": "hidden/W", "DenseLayer 1/b": "hidden/b" },
      (path: string) => path.replace("DenseLayer 1", "hidden"),
    ]
  ) {
    const { matched, left, unused } = transferWeights(from, classifier(), { rename });
    assertEquals([body.filter((path) => path.startsWith("hidden") && matched.includes(path)).length, left, unused], [
      2,
      [],
      [],
    ]);
  }
  const rename = (rename: object) => () => transferWeights(from, classifier(), { rename: rename as never });
  const action = 'Cannot transfer weights from network "digits" to network "digits": expected rename';
  assertThrows(
    rename({ "DenseLayer 2": "hidden" }),
    RangeError,
    `${action} to have names of its layers or tensors, got`,
  );
  assertThrows(rename({ "DenseLayer 2": "hidden" }), RangeError, "did you mean DenseLayer 1?");
  assertThrows(
    rename({ "DenseLayer 1": "output" }),
    RangeError,
    `${action} to give each tensor another name, got "output/`,
  );
  assertThrows(rename(() => 3), TypeError, `${action} to return a path for "DenseLayer 1/W", got 3`);
  assertThrows(rename({ "DenseLayer 1": 3 }), TypeError, "rename to be a record of new names, or a function of paths");
});

Deno.test("a transfer of nothing is refused, with an example and the names that there are", () => {
  const from = withWeights(classifier());
  const input = inputLayer({ shape: [null, 3], name: "input" });
  const other = network("other", [input, denseLayer(input, { nUnits: 2, name: "first" })]);
  assertThrows(
    () => transferWeights(from, other),
    RangeError,
    'Cannot transfer weights from network "digits" to network "other": expected at least one tensor of the same name and ' +
      'shape, for example "first/W": expected f32[3, 2], got none of this name; there are hidden/W, hidden/b,',
  );
  const wide = classifier({ nUnits: 9 });
  assertThrows(
    () => transferWeights(from, wide, { layers: "hidden" }),
    RangeError,
    "expected f32[784, 9], got f32[784, 6]",
  );
  const empty = network("empty", [input]);
  assertThrows(() => transferWeights(from, empty), RangeError, "the network has no weights");
});

Deno.test("networks without weights, files of others, and other values are refused", async () => {
  assertThrows(() => transferWeights(classifier(), classifier()), TypeError, "it was neither trained nor loaded");
  assertThrows(() => transferWeights("nowhere.ym", classifier()), FileError, "there is no such file");
  assertThrows(
    () => transferWeights(3 as never, classifier()),
    TypeError,
    "a network, or the file of a model or of par",
  );
  assertThrows(
    () => transferWeights(withWeights(classifier()), {} as never),
    TypeError,
    "expected the second argument to be a network",
  );
  await assertRejects(() => transferWeights(new Blob(["x"]), classifier()), FileFormatError, "a safetensors file");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/text.yc`, "no tensors at all");
    assertThrows(() => transferWeights(`${folder}/text.yc`, classifier()), FileFormatError, "text.yc");
    const from = withWeights(classifier());
    await from.saveParams(`${folder}/w.yp`);
    assertThrows(
      () => transferWeights(`${folder}/w.yp`, classifier(), { limitBytes: 50 }),
      FileFormatError,
      "at most 50 bytes",
    );
    const bytes = await Deno.readFile(`${folder}/w.yp`);
    await Deno.writeFile(`${folder}/short.yp`, bytes.subarray(0, bytes.length - 4));
    assertThrows(() => transferWeights(`${folder}/short.yp`, classifier()), FileFormatError, "short.yp");
  });
});
