import { assert, assertEquals, assertThrows } from "@std/assert";
import { arange, ones, tensor, zeros } from "../core/creation.ts";
import { maxPool2d } from "../core/functions/pooling.ts";
import { conv2d } from "../core/functions/convolution.ts";
import { softmax } from "../core/functions/reduction.ts";
import { gather } from "../core/functions/selection.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "./on_every_device.ts";

const lists = async (...tensors: Tensor[]): Promise<unknown[]> => await Promise.all(tensors.map((x) => x.toArray()));

testOnEveryDevice("whole numbers wrap around, divide to f32, and keep their sign in remainders", async () => {
  const x = tensor(Int32Array.of(-7, 7, 2147483647));
  assertEquals(await lists(x.add(1), x.mul(x), x.neg(), x.abs(), x.sign(), x.mod(3), x.div(2), x.binary("shr", 1)), [
    [-6, 8, -2147483648],
    [49, 49, 1],
    [7, -7, -2147483647],
    [7, 7, 2147483647],
    [-1, 1, 1],
    [-1, 1, 1],
    [-3.5, 3.5, 1073741824],
    [-4, 3, 1073741823],
  ]);
});

testOnEveryDevice("natural powers of whole numbers are whole, and wrap around", async () => {
  const [x, y] = [tensor(Int32Array.of(-3, 0, 7, 46341)), tensor(Uint32Array.of(3, 65537))];
  assertEquals([x.pow(4).dtype, y.pow(5).dtype, x.pow(-2).dtype, x.pow(2.5).dtype], ["i32", "u32", "f32", "f32"]);
  assertEquals(await lists(x.pow(4), x.pow(7), y.pow(5)), [
    [81, 0, 2401, Math.imul(46341 ** 2, 46341 ** 2)],
    [-2187, 0, 823543, Number(BigInt.asIntN(32, 46341n ** 7n))],
    [243, Number(BigInt.asUintN(32, 65537n ** 5n))],
  ]);
});

testOnEveryDevice("unsigned numbers wrap around, and are combined with negative ones as f32", async () => {
  const x = tensor(Uint32Array.of(0, 1, 0xffffffff));
  assertEquals(
    await lists(x.add(1), x.sub(1), x.mul(3), x.cast("f32"), x.maximum(7), x.less(5), x.less(-1), x.add(-1)),
    [
      [1, 2, 0],
      [0xffffffff, 0, 0xfffffffe],
      [0, 3, 0xfffffffd],
      [0, 1, 4294967296],
      [7, 7, 0xffffffff],
      [true, true, false],
      [false, false, false],
      [-1, 0, 4294967296],
    ],
  );
});

testOnEveryDevice("booleans can be combined, counted and compared", async () => {
  const [a, b] = [tensor([true, false, true]), tensor([true, true, false])];
  assertEquals(await lists(a.and(b), a.or(b), a.logicalNot(), a.equal(b), a.less(b), a.sum(), a.max(), a.add(1)), [
    [true, false, false],
    [true, true, true],
    [false, true, false],
    [true, false, false],
    [false, true, false],
    2,
    1,
    [2, 1, 2],
  ]);
});

testOnEveryDevice("scalars can be reduced, transposed and squared", async () => {
  const x = tensor(2);
  assertEquals(await lists(x.sum(), x.max(), x.argmax(), x.mean(), x.transpose(), x.square()), [2, 2, 0, 2, 2, 4]);
});

testOnEveryDevice("empty tensors can be computed with, wherever that makes sense", async () => {
  const none = zeros([0]);
  assertEquals(
    await lists(none.sum(), none.prod(), none.add(1), none.reshape([0, 3]), zeros([0, 3]).max({ axis: 1 })),
    [
      0,
      1,
      [],
      [],
      [],
    ],
  );
  assertEquals(await zeros([2, 0]).matmul(zeros([0, 3])).toArray(), [[0, 0, 0], [0, 0, 0]]);
  assertEquals(await none.pad([[1, 2]], 7).toArray(), [7, 7, 7]);
  assertEquals(await softmax(zeros([2, 0])).toArray(), [[], []]);
  assertEquals(await gather(ones([3]), tensor(new Int32Array(0))).toArray(), []);
  assertEquals(conv2d(zeros([0, 2, 4, 4]), zeros([3, 2, 3, 3])).shape, [0, 3, 2, 2]);
  assertEquals((await maxPool2d(zeros([0, 2, 4, 4]), { window: [2, 2] }).data()).length, 0);
  assertThrows(() => none.max(), RangeError, "Cannot take the max of f32[0] along axes [0]: there are no elements");
});

testOnEveryDevice("the first of equal extremes is found among a million", async () => {
  const values = new Float32Array(1_000_003);
  values[777_777] = values[900_000] = 3;
  const x = tensor(values);
  assertEquals(await lists(x.argmax(), x.neg().argmin(), x.max(), x.sum()), [777_777, 777_777, 3, 6]);
});

testOnEveryDevice("infinities pass through products whose tiles are padded", async () => {
  const product = await ones([33, 65]).mul(Infinity).matmul(ones([65, 31])).data();
  assert(product.every((value) => value === Infinity));
});

testOnEveryDevice("views of views have the expected elements", async () => {
  const x = arange(24).reshape([2, 3, 4]);
  const view = x.transpose([2, 0, 1]).slice([1], [4], [2]).flip(2).reshape([2, 6]);
  const expected = [[9, 5, 1, 21, 17, 13], [11, 7, 3, 23, 19, 15]];
  assertEquals(await view.toArray(), expected);
  assertEquals(await jit((y: Tensor) => y.add(0.5))(view).sub(0.5).toArray(), expected);
  assertEquals(await jit((y: Tensor) => y.add(view))(zeros([2, 6])).toArray(), expected);
});
