import { assertEquals, assertThrows } from "@std/assert";
import { embed, embedding, inputLayer } from "../layers/mod.ts";
import { network } from "../model/mod.ts";
import {
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  categoricalError,
  categoricalHingeError,
} from "../optim/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { checkpoint, gather, grad, jit, oneHot, random, scan, scatterAdd, type Tensor, tensor, zeros } from "./mod.ts";

const table = tensor([[1, 2], [3, 4], [5, 6]]);
const tokens = (...values: number[]): Tensor => tensor(Int32Array.from(values));

testOnEveryDevice("an index outside of a table is refused with its value, its row and the size of the table", () => {
  const refuse = (f: () => unknown, message: string) => assertThrows(f, RangeError, message);
  refuse(
    () => gather(table, tokens(0, 3)),
    "Cannot gather index 3 of row 1: axis 0 has 3 elements, so expected a whole number from 0 to 2",
  );
  refuse(() => gather(table, tokens(-1), 1), "Cannot gather index -1 of row 0: axis 1 has 2 elements");
  refuse(
    () => embed({ W: table }, tensor([[0, 1], [2, 7]])),
    "Cannot look up token 7 of row 1, at [1, 1]: the table has 3 rows",
  );
  refuse(() => embed({ W: table }, tensor([NaN])), "Cannot look up token NaN of row 0");
  refuse(() => gather(table, tensor(5)), "Cannot gather index 5: axis 0");
  refuse(() => gather(table, zeros([2]).fullLike(3)), "Cannot gather index 3 of row 0");
  refuse(
    () => oneHot(tokens(1, 2), 2),
    "Cannot encode class 2 of row 1: the row has 2 columns, so expected a whole number from 0 to 1",
  );
  refuse(
    () => scatterAdd(zeros([2]), tokens(0, 2), zeros([2])),
    "Cannot scatter to index 2 of row 1: axis 0 has 2 elements",
  );
  refuse(() => gather(zeros([0, 2]), tokens(0)), "so it has no index");
});

testOnEveryDevice("views of indices are checked, too, and indices in range are not refused", async () => {
  assertThrows(() => gather(table, tokens(0, 1, 2, 9).reshape([2, 2]).transpose()), RangeError, "index 9 of row 3");
  assertEquals(await gather(table, tokens(2, 0)).toArray(), [[5, 6], [1, 2]]);
  assertEquals(await gather(table, tensor([1.5])).toArray(), [[3, 4]]);
  assertEquals(gather(table, zeros([0])).shape, [0, 2]);
  assertEquals(gather(zeros([0, 2]), zeros([0])).shape, [0, 2]);
});

testOnEveryDevice("arguments of compiled functions are checked at each call", async () => {
  const look = jit((x: Tensor) => embed({ W: table }, x.reshape([-1])).sum());
  assertEquals(await look(tokens(0, 2)).item(), 14);
  assertThrows(() => look(tokens(0, 4)), RangeError, "Cannot look up token 4 of row 1");
  assertEquals(await look(tokens(1, 1)).item(), 14);
  const slope = grad((W: Tensor, x: Tensor) => embed({ W }, x).sum());
  assertThrows(() => slope(table, tokens(3)), RangeError, "Cannot look up token 3 of row 0");
  assertEquals(await slope(table, tokens(0, 0)).toArray(), [[2, 2], [0, 0], [0, 0]]);
  assertThrows(() => slope(table, tokens(0, 3)), RangeError, "Cannot look up token 3 of row 1");
  const kept = jit((x: Tensor) => checkpoint((x: Tensor) => gather(table, x))(x));
  assertThrows(() => kept(tokens(5)), RangeError, "index 5");
  const rows = jit((x: Tensor) =>
    scan((sum: Tensor, one: Tensor) => [sum.add(gather(table, one)), null], zeros([2]), x)[0]
  );
  assertEquals(await rows(tokens(0, 1)).toArray(), [4, 6]);
  assertThrows(() => rows(tokens(0, 8)), RangeError, "index 8 of row 1");
});

testOnEveryDevice("an index that only a device has takes the nearest row", async () => {
  const moved = tokens(1, 5).add(1);
  assertEquals(await gather(table, moved).toArray(), [[5, 6], [5, 6]]);
  assertEquals(await jit((x: Tensor) => gather(table, x.minimum(2)))(tokens(7)).toArray(), [[5, 6]]);
  assertEquals(await oneHot(moved, 3).toArray(), [[0, 0, 1], [0, 0, 0]]);
});

testOnEveryDevice("a network refuses tokens that its embedding does not have", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const net = network("words", [input, embedding(input, { nTokens: 4, nUnits: 3 })]);
  const known = net.withWeights(net.init(random.key(1)));
  assertEquals((await known.getOutput(tensor([[0, 3]])).data()).length, 6);
  assertThrows(
    () => known.getOutput(tensor([[0, 3], [1, 4]])),
    RangeError,
    "Cannot look up token 4 of row 1, at [1, 1]: the table has 4 rows",
  );
});

testOnEveryDevice("objectives and metrics refuse classes that the prediction does not have", async () => {
  const logits = tensor([[0, 1], [2, 0]]);
  const categorical = [
    categoricalCrossentropyError,
    categoricalCrossentropyFromLogits,
    categoricalHingeError,
    categoricalError,
  ];
  for (const objective of categorical) {
    const expected =
      "Cannot compare with class 2 of row 1: the prediction has 2 classes, so expected a whole number from 0 to 1";
    assertThrows(() => objective(logits, tokens(0, 2)), RangeError, expected);
    const compiled = jit((p: Tensor, t: Tensor) => objective(p, t).sum());
    await compiled(logits, tokens(0, 1)).item();
    assertThrows(() => compiled(logits, tokens(0, 2)), RangeError, expected);
  }
  const ignored = categoricalCrossentropyFromLogits(logits, tokens(0, -100), { ignoreIndex: -100 });
  assertEquals((await ignored.toArray() as number[])[1], 0);
});
