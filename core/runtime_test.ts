import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { concatenate } from "./functions/movement.ts";
import { logSoftmax, softmax } from "./functions/reduction.ts";
import { full, ones, tensor } from "./creation.ts";
import { deviceStatistics } from "./device.ts";
import { parameter } from "./graph/node.ts";
import { copyNode, materialize, settle, settleTuple, staged } from "./runtime.ts";
import { scan } from "./scan.ts";
import { Tensor } from "./tensor.ts";
import "./wasm/default_device.ts";

/** Kernels that run, and programs that are kept, while something is computed. */
async function work(compute: () => unknown): Promise<[dispatches: number, programs: number]> {
  const before = deviceStatistics();
  await compute();
  const after = deviceStatistics();
  return [after.dispatches - before.dispatches, after.keptOperations - before.keptOperations];
}

Deno.test("operations with other uncommon numbers, or on tensors of the same type, share a program", async () => {
  const [x, y] = [tensor([1, 2, 3]), tensor([4, 5, 6])];
  assertEquals(await work(() => x.mul(1.25)), [1, 1]);
  assertEquals(await work(() => y.mul(-7.5)), [1, 0]);
  assertEquals(await x.mul(3.5).toArray(), [3.5, 7, 10.5]);
  assertEquals(await y.mul(1.25).toArray(), [5, 6.25, 7.5]);
  // Common numbers, other shapes and other types have programs of their own.
  assertEquals(await work(() => x.mul(0.5)), [1, 1]);
  assertEquals(await work(() => x.mul(0.5)), [1, 0]);
  assertEquals(await work(() => tensor([1, 2, 3, 4]).mul(1.25)), [1, 1]);
  const whole = tensor(Int32Array.of(1, 2, 3));
  assertEquals(await work(() => whole.mul(5)), [1, 1]);
  assertEquals(await work(() => whole.mul(6)), [1, 1]);
  assertEquals(await whole.mul(6).toArray(), [6, 12, 18]);
});

Deno.test("an uncommon number has the shape of the other operand", async () => {
  for (const shape of [[], [1], [2, 3], [2, 0]]) {
    assertEquals([...await ones(shape).mul(1.5).add(ones(shape)).data()], [...await full(shape, 2.5).data()]);
  }
});

Deno.test("views are not computed, until they have more than a hundred movements", async () => {
  let x = tensor([[1, 2], [3, 4]]);
  const turn = () => void (x = x.transpose());
  assertEquals(await work(() => Array.from({ length: 100 }, turn)), [0, 0]);
  const [dispatches] = await work(turn);
  assertEquals(dispatches, 1);
  assertEquals(await work(() => Array.from({ length: 100 }, turn)), [0, 0]);
  assertEquals(await x.toArray(), [[1, 3], [2, 4]]);
});

Deno.test("a view of joined tensors counts as five movements more than they have together", async () => {
  let x = tensor([1]);
  // After n turns there are 5 (2ⁿ − 1) movements.
  const double = () => void (x = concatenate([x, x]));
  assertEquals(await work(() => Array.from({ length: 4 }, double)), [0, 0]);
  const [dispatches] = await work(double);
  assertEquals(dispatches, 1);
  assertEquals((await x.data()).length, 32);
});

Deno.test("constants of up to 65536 elements are filled by the host, larger ones by the device", async () => {
  assertEquals(await work(() => full([65_536], 3).data()), [0, 0]);
  const [dispatches] = await work(() => full([65_537], 3).data());
  assertEquals(dispatches, 1);
});

Deno.test("nothing is computed while a function is staged, also if it throws", async () => {
  const x = tensor([1, 2]);
  const { node } = staged(() => x.exp());
  assertEquals(node.op, "exp");
  assertThrows(
    () =>
      staged(() => {
        throw new Error("no");
      }),
    Error,
    "no",
  );
  assertEquals(x.exp().node.op, "data");
  assertEquals(settle(node).op, "data");
  assertEquals(await new Tensor(materialize(node)).toArray(), await x.exp().toArray());
});

Deno.test("all results of a loop are computed at once, unless it is staged", async () => {
  const loop = () =>
    scan((sum: Tensor, one: Tensor): [Tensor, Tensor] => [sum.add(one), sum], tensor(1), tensor([2, 3]));
  const [last, before] = loop();
  assertEquals([last.node.op, before.node.op], ["data", "data"]);
  assertEquals([await last.item(), await before.toArray()], [6, [1, 3]]);
  assertEquals(staged(loop)[0].node.op, "pick");
});

Deno.test("what depends on a parameter stays as it is", () => {
  const node = parameter(0, { shape: [2], dtype: "f32" });
  assertStrictEquals(settle(node), node);
  assertEquals(settleTuple([node]), [node]);
  assertEquals(settleTuple([]), []);
  assertThrows(() => materialize(node), TypeError, "Cannot read f32[2] while it is traced: return it");
});

Deno.test("a copy has memory of its own, and what is computed for it is not copied", async () => {
  const x = tensor([1, 2]);
  const copy = copyNode(x.node);
  assertNotStrictEquals(copy, materialize(x.node));
  assertNotStrictEquals(copy.attributes.storage, materialize(x.node).attributes.storage);
  assertEquals(await new Tensor(copy).toArray(), [1, 2]);
  const view = x.flip();
  assertEquals(await work(() => copyNode(view.node)), [1, 1]);
  assertEquals(await new Tensor(copyNode(view.node)).toArray(), [2, 1]);
});

Deno.test("the memory of numbers is returned as soon as the operation is done", () => {
  const x = tensor([1, 2, 3]).add(0);
  const before = deviceStatistics().buffers;
  const results = [1.5, 2.5, 3.5].map((value) => x.mul(value));
  assertEquals(deviceStatistics().buffers, before + results.length);
});

Deno.test("a softmax is one program outside of compiled functions, too", async () => {
  const x = tensor([[1, 2], [3, 3]]).add(0);
  for (const compute of [softmax, logSoftmax]) assertEquals((await work(() => compute(x)))[0], 1);
  assertEquals((await softmax(x).toArray() as number[][])[1], [0.5, 0.5]);
});
