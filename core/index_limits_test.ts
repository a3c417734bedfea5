import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { embed, embedding, inputLayer } from "../layers/mod.ts";
import { network } from "../model/mod.ts";
import {
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  categoricalError,
  categoricalHingeError,
} from "../optim/mod.ts";
import { deviceKinds, testOnEveryDevice } from "../tests/on_every_device.ts";
import { CompiledGraph } from "./compiled_graph.ts";
import { deviceStatistics, setDevice } from "./device.ts";
import { gatherNearest } from "./functions/selection.ts";
import { numberedCheck } from "./nest/numbered_checks.ts";
import { trace, versionOf } from "./jit.ts";
import { knowIndices, limitIndices } from "./index_limits.ts";
import { Storage } from "./storage.ts";
import { flattenTree } from "./tree.ts";
import { openWasm } from "./wasm/backend.ts";
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

testOnEveryDevice("indices that are bool or have a fraction are refused, unless they are converted", async () => {
  const bits = tensor([true, false]);
  const whole = ": expected whole numbers, got bool[2]; if 0 and 1 are meant, cast it to i32";
  assertThrows(() => gather(table, bits), TypeError, `Cannot gather index${whole}`);
  assertThrows(() => embed({ W: table }, bits), TypeError, `Cannot look up token${whole}`);
  assertThrows(() => oneHot(bits, 2), TypeError, `Cannot encode class${whole}`);
  assertThrows(() => scatterAdd(zeros([2]), bits, zeros([2])), TypeError, `Cannot scatter to index${whole}`);
  assertThrows(() => jit((x: Tensor) => gather(table, x.greater(0)))(tokens(0, 1)), TypeError, whole);
  assertEquals(await gather(table, bits.cast("i32")).toArray(), [[3, 4], [1, 2]]);

  const halves = tensor([0, 1.5]);
  const message = "index 1.5 of row 1: axis 0 has 3 elements, so expected a whole number from 0 to 2";
  assertThrows(() => gather(table, halves), RangeError, `Cannot gather ${message}`);
  assertThrows(() => gather(table, halves.flip()), RangeError, "index 1.5");
  assertThrows(() => gather(table, tensor(-0.5)), RangeError, "index -0.5");
  assertThrows(() => gather(table, zeros([2]).fullLike(0.5)), RangeError, "index 0.5 of row 0");
  assertThrows(() => oneHot(halves, 2), RangeError, "Cannot encode class 1.5 of row 1");
  assertThrows(() => scatterAdd(zeros([2]), halves, zeros([2])), RangeError, "Cannot scatter to index 1.5 of row 1");
  const look = jit((x: Tensor) => gather(table, x));
  assertThrows(() => look(halves), RangeError, message);
  assertEquals(await look(tensor([0, 2])).toArray(), [[1, 2], [5, 6]]);

  const truncated = jit((x: Tensor) => gather(table, x.cast("i32")));
  assertEquals(await truncated(halves).toArray(), [[1, 2], [3, 4]]);
  assertEquals(await gather(table, halves.cast("i32")).toArray(), [[1, 2], [3, 4]]);
});

testOnEveryDevice("the next read reports an index that is NaN or has a fraction, if only a device has it", async () => {
  const wrong = "index (not a whole number of 32 bits) of row 1, but axis 0 has 3 elements";
  for (const value of [NaN, 0.5, 1.25, -0.5, -Infinity]) {
    const indices = tensor([1, value - 1, 0]);
    for (const look of [(x: Tensor) => gather(table, x.add(1)), jit((x: Tensor) => gather(table, x.add(1)))]) {
      const rows = look(indices);
      await assertRejects(() => rows.data(), RangeError, wrong, `${value}`);
    }
    const hot = oneHot(indices.add(1), 3);
    await assertRejects(() => hot.data(), RangeError, "encode class (not a whole number of 32 bits) of row 1");
    const sums = scatterAdd(zeros([3]), indices.add(1), zeros([3]));
    await assertRejects(() => sums.data(), RangeError, "scatter to index (not a whole number of 32 bits) of row 1");
  }
  assertEquals(await gather(table, tensor([0, 1]).add(1)).toArray(), [[3, 4], [5, 6]]);
});

testOnEveryDevice("checking that indices are whole numbers takes no kernel", () => {
  const kernels = (indices: Tensor): number =>
    versionOf(jit((x: Tensor) => gather(table, x.add(1)).tanh()), indices).compiled.plan.program.steps.length;
  assertEquals(kernels(tensor([0, 1])), kernels(tokens(0, 1)));
});

testOnEveryDevice("views of indices are checked, too, and indices in range are not refused", async () => {
  assertThrows(() => gather(table, tokens(0, 1, 2, 9).reshape([2, 2]).transpose()), RangeError, "index 9 of row 3");
  assertEquals(await gather(table, tokens(2, 0)).toArray(), [[5, 6], [1, 2]]);
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

testOnEveryDevice("the next read reports an index that only a device has, and the read after it works", async () => {
  const moved = tokens(1, 5, 0, 2).add(1);
  const rows = gather(table, moved);
  const other = zeros([2]).add(1);
  await assertRejects(
    () => other.toArray(),
    RangeError,
    "Cannot read the results: an earlier computation had to gather index 6 of row 1, but axis 0 has 3 elements, so " +
      "expected a whole number from 0 to 2 (2 such indices since the last read). What was computed since then may be " +
      "wrong: correct the indices, and compute it again",
  );
  assertEquals(await rows.toArray(), [[5, 6], [5, 6], [3, 4], [5, 6]]);
  const hot = oneHot(moved.reshape([2, 2]), 3);
  await assertRejects(() => hot.data(), RangeError, "encode class 6 of row 0, at [0, 1], but the row has 3 columns");
  assertEquals(await hot.toArray(), [[[0, 0, 1], [0, 0, 0]], [[0, 1, 0], [0, 0, 0]]]);
  const sums = scatterAdd(zeros([3]), tokens(-1).mul(1), zeros([1]));
  await assertRejects(() => sums.data(), RangeError, "had to scatter to index -1 of row 0, but axis 0 has 3 elements");
  assertEquals(await jit((x: Tensor) => gather(table, x.minimum(2)))(tokens(7)).toArray(), [[5, 6]]);
});

const found = (count: number): string => `(${count} such ${count === 1 ? "index" : "indices"} since the last read)`;

testOnEveryDevice("compiled functions, loops and gradients report indices that they compute", async () => {
  const look = jit((x: Tensor) => embed({ W: table }, x.add(1)).tanh());
  await assertRejects(() => look(tensor([[0, 1, 2], [5, -1, 1]])).data(), RangeError, "token 3 of row 0, at [0, 2]");
  assertEquals((await look(tensor([[0, 1, 1], [1, -1, 1]])).data()).length, 12);
  const slope = jit(grad((W: Tensor, x: Tensor) => embed({ W }, x.add(1)).square().sum()));
  await assertRejects(() => slope(table, tokens(1, 2, 3, 0)).data(), RangeError, found(2));
  assertEquals(await slope(table, tokens(1, 1)).toArray(), [[0, 0], [0, 0], [20, 24]]);
  const kept = jit((x: Tensor) => checkpoint((x: Tensor) => gather(table, x.add(1)))(x).sum());
  await assertRejects(() => kept(tokens(5)).data(), RangeError, found(1));
  const rows = jit((x: Tensor) =>
    scan((sum: Tensor, one: Tensor) => [sum.add(gather(table, one.add(1))), null], zeros([2]), x)[0]
  );
  await assertRejects(() => rows(tokens(0, 8)).data(), RangeError, "had to gather index 9, but axis 0 has 3 elements");
  assertEquals(await rows(tokens(0, 1)).toArray(), [8, 10]);
  const replaced = jit((x: Tensor, rows: Tensor) => rows.add(gather(table, x.add(1))), { donate: [1] });
  await assertRejects(() => replaced(tokens(1, 2), zeros([2, 2]).add(1)).data(), RangeError, found(1));
});

testOnEveryDevice("gradients report indices whose rows only they need, in no more kernels", async () => {
  const look = (W: Tensor, x: Tensor): Tensor => gather(W, x.add(1));
  const scattered = (W: Tensor, x: Tensor): Tensor => scatterAdd(zeros([3, 2]), x.add(1), W);
  const looped = (W: Tensor, x: Tensor): Tensor =>
    scan((sum: Tensor, one: Tensor) => [sum.add(gather(W, one.add(1))), null], zeros([2]), x)[0];
  const losses: Record<string, (W: Tensor, x: Tensor) => Tensor> = {
    sum: look,
    scaled: (W, x) => look(W, x).mul(2),
    weighted: (W, x) => look(W, x).mul(x.cast("f32").expandDims(1)),
    looped,
    scattered,
    kept: checkpoint(look),
    embedded: (W, x) => embed({ W }, x.add(1)),
    second: (W, x) => grad((W: Tensor) => look(W, x).square().sum())(W),
  };
  for (const [name, loss] of Object.entries(losses)) {
    const slope = jit((W: Tensor, x: Tensor) => grad((W: Tensor) => loss(W, x).sum())(W));
    await assertRejects(
      () => slope(table, tokens(1, 2, -1)).data(),
      RangeError,
      name === "looped" ? "index 3" : "3 of row 1",
    );
    assertEquals((await slope(table, tokens(1, 1, -1)).data()).length, 6, name);
  }
  const kernels = (f: (W: Tensor, x: Tensor) => Tensor): number =>
    versionOf(jit((W: Tensor, x: Tensor) => grad((W: Tensor) => f(W, x).sum())(W)), table, tokens(0, 1)).compiled.plan
      .program.steps.length;
  assertEquals(kernels((W, x) => gather(W, x.add(1))), kernels((W, x) => gatherNearest(W, x.add(1))));
});

testOnEveryDevice("indices into a table of equal elements are checked, too", async () => {
  const places = tensor(Int32Array.of(0, 1, 2, 1));
  const tables = {
    ones: zeros([3, 2]).onesLike(),
    zeros: zeros([3, 2]),
    whole: zeros([3, 2]).cast("i32"),
    bool: zeros([3, 2]).cast("bool"),
    row: tensor([[5, 6]]).broadcastTo([3, 2]),
  };
  for (const [name, table] of Object.entries(tables)) {
    const compiled = jit((x: Tensor) => gather(table, x.add(1)));
    for (const look of [(x: Tensor) => gather(table, x.add(1)), compiled]) {
      const rows = look(places);
      await assertRejects(() => rows.data(), RangeError, "gather index 3 of row 2", name);
      assertEquals(await look(places.minimum(1)).data(), await table.slice([0, 0], [1, 2]).broadcastTo([4, 2]).data());
    }
  }
  const made = jit((x: Tensor) => gather(tensor([1, 2]).mul(x.slice([0], [1]).mul(0)).fullLike(3), x.add(1)));
  await assertRejects(() => made(places).data(), RangeError, "gather index 2 of row 1");
  const sums = jit((x: Tensor) => scatterAdd(zeros([3]), x.add(1), zeros([4])));
  await assertRejects(() => sums(places).data(), RangeError, "scatter to index 3 of row 2");
  const none = jit((x: Tensor) => oneHot(x.add(1), 3).mul(0));
  await assertRejects(() => none(places).data(), RangeError, "encode class 3 of row 2");
});

Deno.test("indices that are known to be below the size of a table need no check", () => {
  const { node } = tensor(Int32Array.of(0, 9));
  const limit = { action: "look up", table: "it", entries: "rows" };
  knowIndices(node, 4);
  for (const size of [4, 5]) assertEquals(limitIndices(node, { ...limit, size }), true);
  assertThrows(() => limitIndices(node, { ...limit, size: 3 }), RangeError, "9");
});

testOnEveryDevice("the stricter of two checks of the same indices is kept", async () => {
  const checks = (sizes: readonly number[]) => (x: Tensor): Tensor =>
    sizes.reduce((indices, size) => {
      const limit = { size, action: `take ${size}`, table: "it", entries: "rows" };
      return indices.apply("checked", [], numberedCheck(limit, x.shape));
    }, x.add(1));
  for (const sizes of [[3, 9], [9, 3]]) {
    await assertRejects(() => jit(checks(sizes))(tokens(1, 4)).data(), RangeError, "take 3 5 of row 1");
  }
  assertEquals(await jit(checks([9, 3]))(tokens(1, 0)).toArray(), [2, 1]);
});

testOnEveryDevice("positions are counted once, whatever threads and kernels see them", async () => {
  const [rows, width] = [300, 70];
  const wide = zeros([5, width]).add(1);
  const values = Int32Array.from({ length: rows }, (_, i) => i % 100 === 7 ? 4 : 3);
  const look = jit((x: Tensor, w: Tensor) => {
    const chosen = gather(wide, x.add(1));
    return { product: chosen.matmul(w), sum: chosen.exp().sum({ axis: 1 }), again: chosen.tanh() };
  });
  const { product } = look(tensor(values), zeros([width, 65]).add(1));
  await assertRejects(() => product.data(), RangeError, found(3));
  const many = tensor(new Int32Array(5000).fill(9)).add(1);
  await assertRejects(() => gather(wide, many).data(), RangeError, "(at least 4096 such indices since the last read)");
  const first = gather(wide, tensor(Int32Array.of(7)).add(1));
  const second = oneHot(tensor(Int32Array.of(1, 7, 8)).add(1), 3);
  await assertRejects(() => second.add(first.sum()).data(), RangeError, `gather index 8 of row 0, but axis 0 has 5`);
  assertEquals((await first.data()).length, width);
});

testOnEveryDevice("an index is checked only where it is used", async () => {
  const places = tensor(Int32Array.of(1, 2, 3));
  const padded = jit((i: Tensor) => gather(table, i.sub(1)).pad([[2, 2], [0, 0]]))(places);
  assertEquals((await padded.data()).length, 14);
  const some = jit((i: Tensor) => gather(table, i).slice([0], [2]))(places.sub(1).mul(tensor(Int32Array.of(1, 1, 9))));
  assertEquals(await some.toArray(), [[1, 2], [3, 4]]);
  const unused = jit((i: Tensor) => [gather(table, i.add(9)), i.add(1)][1])(places);
  assertEquals(await unused.toArray(), [2, 3, 4]);
});

testOnEveryDevice("products find no index beyond their rows and columns, and every one within", async () => {
  const numbers = (count: number, last: number): Tensor =>
    tensor(Int32Array.from({ length: count }, (_, i) => i === count - 1 ? last : 1 + i % 3));
  const bias = tensor([1, 2, 3]);
  for (const [rows, columns, depth] of [[70, 65, 33], [3, 5, 2], [129, 7, 200], [1, 130, 9]]) {
    const product = jit((x: Tensor, w: Tensor, row: Tensor, column: Tensor) => {
      const [down, along] = [gather(bias, row.sub(1)).expandDims(-1), gather(bias, column.sub(1))];
      return [x.matmul(w).add(down).mul(along), gather(x, row.sub(1)).matmul(gather(w, column.sub(1), 1))];
    });
    const [x, w] = [zeros([rows, depth]).add(1), zeros([depth, columns]).add(1)];
    const [sums] = product(x, w, numbers(rows, 1), numbers(columns, 1));
    const values = await sums.data();
    assertEquals([values.at(0), values.at(-1)], [depth + 1, depth + 1], `${rows} × ${columns}`);
    const [wrong] = product(x, w, numbers(rows, 1), numbers(columns, 9999));
    await assertRejects(() => wrong.data(), RangeError, `index 9998 of row ${columns - 1}, but axis`);
  }
});

testOnEveryDevice("a check takes no transfer of its own, and each device has its own record", async (kind) => {
  const outside = gather(table, tokens(7).add(1));
  const before = deviceStatistics();
  await assertRejects(() => outside.data(), RangeError, "index 8");
  const { submissions, reads } = deviceStatistics();
  assertEquals([submissions - before.submissions, reads - before.reads], [kind === "wasm" ? 0 : 1, 1]);
  const again = gather(table, tokens(7).add(1));
  for (const other of deviceKinds) {
    await setDevice(other);
    if (other !== kind) assertEquals(await tokens(7).add(1).data(), Int32Array.of(8));
  }
  await setDevice(kind);
  await assertRejects(() => again.data(), RangeError, "index 8");
});

Deno.test("threads that find the same indices count them once", async () => {
  const rows = 40_000;
  const args = flattenTree([
    zeros([5, 16]).add(1),
    tensor(Int32Array.from({ length: rows }, (_, i) => i % 8000 === 9 ? 4 : 0)),
  ]);
  const { graph } = trace((x: Tensor, i: Tensor) => gather(x, i.add(1).mod(6)).exp(), args);
  const inputs = await Promise.all(args.leaves.map((leaf) => leaf.data()));
  for (const threads of [1, 4]) {
    const backend = openWasm({ threads });
    const compiled = new CompiledGraph(graph, backend, { name: "rows" });
    for (let turn = 0; turn < 3; turn++) {
      const [result] = compiled.run(inputs.map((values, i) => Storage.fromHost(graph.parameters[i].dtype, values)));
      await assertRejects(() => result.read(), RangeError, "(at least 5 such indices since the last read)");
      assertEquals((await result.read()).length, rows * 16);
      await new Promise((resolve) => setTimeout(resolve, 100)); // workers start meanwhile
    }
    await backend.close();
  }
});

testOnEveryDevice("a check takes no kernel of its own", () => {
  const dispatches = (fn: (x: Tensor) => Tensor): number =>
    versionOf(jit(fn), tokens(1, 2)).compiled.executable.dispatches;
  assertEquals(dispatches((x) => gather(table, x).tanh()), 1);
  assertEquals(dispatches((x) => oneHot(x, 3)), 1);
  assertEquals(dispatches((x) => gatherNearest(table, x).tanh()), 1);
});

testOnEveryDevice("a network refuses tokens that its embedding does not have", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const net = network("words", [input, embedding(input, { nTokens: 4, nUnits: 3 })]);
  const known = net.withWeights(net.init(random.key(1)));
  assertEquals((await known.getOutput(tensor([[0, 3]])).data()).length, 6);
  assertThrows(
    () => known.getOutput(tensor([[0, 3], [1, 4]])),
    RangeError,
    "Cannot look up token 4 of row 1, at [1, 1]: the table of Embedding has 4 rows",
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
  for (const objective of categorical) {
    const compiled = jit((p: Tensor, t: Tensor) => objective(p, t.add(1)).sum());
    const cost = compiled(logits, tokens(0, 2));
    await assertRejects(
      () => cost.item(),
      RangeError,
      "had to compare with class 3 of row 1, but the prediction has 2",
    );
    const slope = jit(grad((p: Tensor, t: Tensor) => objective(p, t.add(1)).sum()))(logits, tokens(3, 2));
    if (objective !== categoricalError) await assertRejects(() => slope.data(), RangeError, found(2));
  }
  const ignored = categoricalCrossentropyFromLogits(logits, tokens(0, -100), { ignoreIndex: -100 });
  assertEquals((await ignored.toArray() as number[])[1], 0);
  const masked = categoricalCrossentropyFromLogits(logits, tokens(7, -100), { ignoreIndex: -100 });
  await assertRejects(() => masked.data(), RangeError, "had to compare with class 7 of row 0");
});
