import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { key } from "../../core/random/bits.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { relu, sigmoid, softmax } from "../../core/functions/activations.ts";
import * as init from "./initializers.ts";
import { describeInitializer, initializer } from "./get_initializer.ts";

/** The largest distance of QᵀQ (or QQᵀ, whichever is smaller) from the identity times `scale`. */
async function distanceFromOrthonormal(shape: Shape, scale = 1, gain?: init.InitializerOptions): Promise<number> {
  const q = init.orthogonal(key(3), shape, gain).reshape([shape[0], sizeOf(shape.slice(1))]);
  const [rows, columns] = q.shape;
  const gram = await (rows >= columns ? q.transpose().matmul(q) : q.matmul(q.transpose())).data();
  const size = Math.min(rows, columns);
  return Math.max(...Array.from(gram, (value, i) => Math.abs(value - (i % (size + 1) === 0 ? scale : 0))));
}

testOnEveryDevice("Orthogonal matrices of any shape are orthonormal to 1e-5", async () => {
  for (const shape of [[1, 1], [1, 7], [7, 1], [64, 64], [33, 20], [20, 33], [8, 3, 2, 2]]) {
    assert(await distanceFromOrthonormal(shape) < 1e-5, `${shape}`);
  }
  assert(await distanceFromOrthonormal([9, 5], 2, { gain: relu }) < 2e-5);
});

Deno.test("Orthogonal matrices of the size of a large layer are orthonormal too", async () => {
  assert(await distanceFromOrthonormal([300, 300]) < 1e-5);
});

/** Uniform on ±√(3 variance), normal, or neither. */
const variances: readonly (readonly [init.Initializer, Shape, init.InitializerOptions, number, boolean])[] = [
  [init.uniform, [100, 100], {}, 0.25 / 3, true],
  [init.uniform, [100, 100], { scale: 2 }, 4 / 3, true],
  [init.normal, [100, 100], {}, 0.25, false],
  [init.glorotUniform, [60, 200], {}, 2 / 260, true],
  [init.glorotUniform, [60, 200], { gain: sigmoid }, 32 / 260, true],
  [init.glorotUniform, [60, 200], { gain: "tanh" }, 2 / 260, true],
  [init.glorotUniform, [20, 10, 5, 5], {}, 2 / (250 + 500), true],
  [init.glorotUniform, [20, 10, 5, 5], { fan: [250, 125] }, 2 / 375, true],
  [init.glorotNormal, [60, 200], { gain: 3 }, 18 / 260, false],
  [init.heUniform, [60, 200], {}, 2 / 60, true],
  [init.heUniform, [20, 10, 5, 5], {}, 2 / 250, true],
  [init.heNormal, [60, 200], {}, 2 / 60, false],
  [init.seluNormal, [60, 200], {}, 1 / 60, false],
];

testOnEveryDevice("Initializers have mean 0, the variance of their formula, and its bounds", async () => {
  for (const [make, shape, options, variance, bounded] of variances) {
    const values = make(key(7), shape, options);
    const count = sizeOf(shape);
    const message = `${make.name} ${JSON.stringify(options)}`;
    assertAlmostEquals(await values.mean().item(), 0, 5 * Math.sqrt(variance / count), message);
    assertAlmostEquals(await values.variance().item(), variance, variance * 8 / Math.sqrt(count), message);
    const most = await values.abs().max().item();
    assert(bounded ? most <= Math.sqrt(3 * variance) * 1.000001 : most > 3 * Math.sqrt(variance), message);
  }
});

Deno.test("the scale of a parameter follows from its shape, or from the given fan", async () => {
  const ones = async (make: init.Initializer, shape: Shape, options?: init.InitializerOptions): Promise<number> => {
    const plain = make.name.endsWith("Uniform") ? init.uniform : init.normal;
    const [values, unit] = [make(key(5), shape, options), plain(key(5), shape, { scale: 1 })];
    return (await values.data())[0] / (await unit.data())[0];
  };
  const { glorotUniform, glorotNormal, heUniform, heNormal, seluNormal } = init;
  const fan: init.InitializerOptions = { fan: [3, 5] };
  // Scalars have one input and one output, vectors as many of both, and filters those of their windows.
  const scales: [init.Initializer, Shape, init.InitializerOptions, number][] = [
    [glorotUniform, [], {}, 6 / 2],
    [glorotUniform, [7], {}, 6 / 14],
    [glorotUniform, [2, 6], {}, 6 / 8],
    [glorotUniform, [2, 3, 4], {}, 6 / (12 + 8)],
    [glorotUniform, [2, 3, 4, 5], fan, 6 / 8],
    [glorotNormal, [], {}, 2 / 2],
    [glorotNormal, [2, 6], {}, 2 / 8],
    [glorotNormal, [2, 3, 4, 5], {}, 2 / (60 + 40)],
    [heUniform, [2, 6], {}, 6 / 2],
    [heUniform, [2, 3, 4], {}, 6 / 12],
    [heNormal, [2, 6], {}, 2 / 2],
    [heNormal, [2, 6], fan, 2 / 3],
    [seluNormal, [4, 6], {}, 1 / 4],
    [seluNormal, [7], {}, 1 / 7],
  ];
  for (const [make, shape, options, square] of scales) {
    assertAlmostEquals(await ones(make, shape, options), Math.sqrt(square), 1e-5, `${make.name} [${shape}]`);
  }
  for (const [gain, factor] of [["linear", 1], ["sigmoid", 4], [relu, Math.SQRT2], [3, 3]] as const) {
    assertAlmostEquals(await ones(glorotNormal, [2, 6], { gain }), factor / 2, 1e-5);
  }
  assertEquals((await init.orthogonal(key(1), []).data()).length, 1);
  assertAlmostEquals(Math.abs(await init.orthogonal(key(1), [], { gain: 3 }).item()), 3, 1e-5);
});

Deno.test("Another key gives other values, and the same key the same ones", async () => {
  const values = (seed: number) => init.glorotUniform(key(seed), [3, 3]).toArray();
  assertEquals(await values(1), await values(1));
  assert(String(await values(1)) !== String(await values(2)));
});

Deno.test("Options of the initializer object take precedence over those of the layer", async () => {
  const values = initializer([init.constant, { value: 3 }], key(1), [2], { value: 1 });
  assertEquals(await values.toArray(), [3, 3]);
  const wide = await initializer("glorotUniform", key(1), [50, 50], { fan: [1, 2] }).abs().max().item();
  assert(wide > 1.3, "the layer's fan is used");
});

Deno.test("Initializers are written as names with options, and can be read again", async () => {
  const object = [init.glorotUniform, { gain: sigmoid, fan: [3, 4] }] as const;
  const json = describeInitializer(object);
  assertEquals(json, ["glorotUniform", { gain: "sigmoid", fan: [3, 4] }]);
  const again = initializer(JSON.parse(JSON.stringify(json)), key(1), [2, 2]);
  assertEquals(await again.toArray(), await initializer(object, key(1), [2, 2]).toArray());
  assertEquals(describeInitializer(tensor([1, 2])), { given: [2] });
});

Deno.test("Unknown initializers and gains are refused", () => {
  assertThrows(() => initializer("glorotUnifrom" as "normal", key(1), [2]), RangeError, "did you mean glorotUniform?");
  assertThrows(() => init.glorotUniform(key(1), [2, 2], { gain: softmax }), RangeError, "one of linear, tanh");
  assertThrows(() => initializer(tensor([1, 2]), key(1), [3]), TypeError, "f32[2]: expected shape [3]");
});
