import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import { key } from "../core/random/bits.ts";
import { MOST_ELEMENTS } from "../core/shape.ts";
import { denseLayer } from "./dense.ts";
import { checkRank, keyOf, knownExtent, titleOf } from "./define_layer.ts";
import { concatenateLayer } from "./join.ts";
import { flattenLayer } from "./reshape.ts";
import { inputLayer } from "./input.ts";

Deno.test("a layer returns at most as many numbers as a tensor has", () => {
  const flatOf = (size: number) => flattenLayer(inputLayer({ shape: [null, 1, size] })).outputShape;
  assertEquals(flatOf(MOST_ELEMENTS), [null, MOST_ELEMENTS]);
  assertThrows(() => flatOf(MOST_ELEMENTS + 1), RangeError);
});

const input = inputLayer({ shape: [null, 2] });
const mode = { train: false, state: {} };

Deno.test("a penalty is l1 times the mean size of W, and l2 times its mean square", async () => {
  const params = { W: tensor([[1, -3], [0, 4]]), b: tensor([9, 9]) };
  const penalty = async (l1: number, l2: number) => {
    const found = denseLayer(input, { nUnits: 2, l1, l2 }).penalty?.(params);
    return found === undefined || found === null ? found : await found.item();
  };
  assertEquals(await penalty(0, 0) ?? null, null);
  assertEquals(await penalty(0.5, 0), 0.5 * 2);
  assertEquals(await penalty(0, 0.25), 0.25 * 6.5);
  assertEquals([await penalty(1, 0), await penalty(0, 1), await penalty(1, 1)], [2, 6.5, 8.5]);
  assertAlmostEquals((await penalty(0.5, 0.25))!, 1 + 1.625, 1e-6);
  const layer = denseLayer(input, { nUnits: 2, l1: 1 });
  assertEquals(layer.penalty?.({ W: zeros([0, 2]) }) ?? null, null);
  assertThrows(() => layer.penalty?.({}), TypeError, "Cannot compute a penalty");
});

Deno.test("a layer takes inputs of the shapes of its incoming layers, as many as there are", () => {
  const layer = denseLayer(input, { nUnits: 3, name: "Hidden" });
  const { params } = layer.init(key(1));
  assertEquals(layer.apply(params, zeros([5, 2]), mode).output.shape, [5, 3]);
  assertEquals(layer.apply(params, [zeros([5, 2])], mode).output.shape, [5, 3]);
  const wrong: [Parameters<typeof layer.apply>[1], string][] = [
    [zeros([5, 3]), 'Cannot apply DenseLayer "Hidden" to [5, 3]: expected [any, 2]'],
    [zeros([2]), "to [2]: expected [any, 2]"],
    [zeros([5, 2, 1]), "to [5, 2, 1]: expected [any, 2]"],
    [[], "expected [any, 2]"],
    [[zeros([5, 2]), zeros([5, 2])], "to [5, 2] and [5, 2]: expected [any, 2]"],
    [[1] as never, 'Cannot apply DenseLayer "Hidden"'],
  ];
  for (const [given, message] of wrong) assertThrows(() => layer.apply(params, given, mode), TypeError, message);
  assertThrows(() => layer.apply(undefined as never, zeros([5, 2]), mode), TypeError, "Cannot apply DenseLayer");
  assertThrows(() => layer.apply(params, zeros([5, 2]), undefined as never), TypeError, "Cannot apply DenseLayer");
  const both = concatenateLayer([input, inputLayer({ shape: [null, 1] })]);
  assertEquals(both.apply({}, [zeros([5, 2]), zeros([5, 1])], mode).output.shape, [5, 3]);
  assertThrows(() => both.apply({}, [zeros([5, 1]), zeros([5, 2])], mode), TypeError, "expected [any, 2] and [any, 1]");
});

Deno.test("an initial value that does not fit names its parameter and the layer", () => {
  const layer = denseLayer(input, { nUnits: 3, name: "Hidden", W: tensor([1, 2]) });
  assertThrows(() => layer.init(key(1)), TypeError, 'Cannot make W of DenseLayer "Hidden": ');
  const { params, state } = denseLayer(input, { nUnits: 3 }).init(key(1));
  assertEquals([Object.keys(params), state], [["W", "b"], {}]);
  assertThrows(
    () => denseLayer(inputLayer({ shape: [null, MOST_ELEMENTS] }), { nUnits: 2 }),
    RangeError,
    `a tensor has at most ${MOST_ELEMENTS} elements, got one of [${MOST_ELEMENTS}, 2]`,
  );
});

Deno.test("titles, extents, ranks and keys are checked by name", () => {
  assertEquals([titleOf({ kind: "A", name: "b" }), titleOf({ kind: "A" })], ['A "b"', "A"]);
  assertEquals([knownExtent("A", [null, 2, 3], -1), knownExtent("A", [null, 0], 1)], [3, 0]);
  assertThrows(
    () => knownExtent("A", [null, 2], 0),
    TypeError,
    "Cannot make A: axis 0 of its input [any, 2] must be known",
  );
  checkRank("A", [null, 2], ["batch", "feature"]);
  assertThrows(
    () => checkRank("A", [2], ["batch", "feature"]),
    TypeError,
    "expected an input of [batch, feature], got [2]",
  );
  const random = key(1);
  assertEquals(keyOf("A", { ...mode, key: random }) === random, true);
  assertThrows(() => keyOf("A", mode), TypeError, "Cannot apply A in training: expected a random key");
});
