import { assert, assertEquals, assertRejects } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ones, tensor, zeros } from "../creation.ts";
import { maxPool2d } from "../functions/pooling.ts";
import { logSoftmax, softmax } from "../functions/reduction.ts";
import { where } from "../functions/selection.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import { checkpoint, grad, valueAndGrad } from "../gradients.ts";
import { scan } from "../scan.ts";
import { findNonFinite, type NonFiniteValue } from "./find_non_finite.ts";

/** The facts without the place. */
function factsOf(found: NonFiniteValue | null) {
  assert(found !== null);
  const { place: _, ...facts } = found;
  return facts;
}

const computed = { argument: null, turns: [] };

testOnEveryDevice("the first operation that makes an infinity or NaN is found, in jit and outside of it", async () => {
  const plain = (x: Tensor) => x.sub(1).log().mul(2).sum();
  for (const f of [plain, jit(plain), (x: Tensor) => jit(plain)(x).add(1)]) {
    const infinite = { ...computed, operation: "log", value: "infinite", shape: [3] } as const;
    assertEquals(factsOf(await findNonFinite(f, tensor([2, 1, 3]))), infinite);
    assertEquals(factsOf(await findNonFinite(f, tensor([2, 0, 3]))), { ...infinite, value: "NaN" });
    assertEquals(await findNonFinite(f, tensor([2, 5, 3])), null);
  }
});

testOnEveryDevice("overflow of a product and of a sum is found, also for a single element and odd shapes", async () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => a.matmul(b).exp().mean();
  const found = await findNonFinite(f, { a: ones([5, 7]).mul(1e30), b: ones([7, 3]).mul(1e30) });
  assertEquals(factsOf(found), { ...computed, operation: "dot", value: "infinite", shape: [1, 5, 3] });
  const single = await findNonFinite((x: Tensor) => x.exp(), tensor(100));
  assertEquals(factsOf(single), { ...computed, operation: "exp", value: "infinite", shape: [] });
  assertEquals(await findNonFinite((x: Tensor) => x.log().sum(), zeros([0, 3])), null);
});

testOnEveryDevice("arguments and tensors of the function that have NaN are named", async () => {
  const f = (_: Tensor, { x }: { x: Tensor }) => x.add(1);
  const found = await findNonFinite(f, tensor(1), { x: tensor([1, NaN]) });
  assertEquals(factsOf(found), { operation: "argument", argument: 1, turns: [], value: "NaN", shape: [2] });
  // What an operation makes of it later is worse, but not the origin.
  const first = await findNonFinite((x: Tensor) => x.sub(x), tensor([1, Infinity]));
  assertEquals(factsOf(first), { operation: "argument", argument: 0, turns: [], value: "infinite", shape: [2] });
  const held = tensor([Infinity, 1]);
  const captured = await findNonFinite((x: Tensor) => x.add(held), tensor([1, 2]));
  assertEquals(factsOf(captured), { ...computed, operation: "tensor", value: "infinite", shape: [2] });
});

testOnEveryDevice("infinities that do no harm are not reported, and those of masks are not the origin", async () => {
  const masked = (x: Tensor) => softmax(where(x.greater(0), x, -Infinity)).sum();
  assertEquals(await findNonFinite(masked, tensor([1, -1, 2])), null);
  const all = factsOf(await findNonFinite(masked, tensor([-1, -1, -2])));
  assertEquals([all.operation, all.value], ["sub", "NaN"]);
  assertEquals(
    await findNonFinite((x: Tensor) => maxPool2d(x, { window: [2, 2], padding: "same" }), ones([1, 1, 3, 3])),
    null,
  );
  assertEquals(await findNonFinite((x: Tensor) => where(x.greater(0), x.log(), 0), tensor([0, 1])), null);
  assertEquals(await findNonFinite((x: Tensor) => logSoftmax(x).sum(), tensor([0, 1000])), null);
  // The infinity of exp does no harm, but what is computed from its reciprocal does.
  const later = await findNonFinite((x: Tensor) => x.exp().reciprocal().sub(1).log(), tensor([1000, -1]));
  assertEquals(factsOf(later), { ...computed, operation: "log", value: "NaN", shape: [2] });
});

testOnEveryDevice("the gradient that is NaN although the value is finite is found", async () => {
  const norm = (x: Tensor) => x.square().sum().sqrt();
  assertEquals(await findNonFinite(norm, zeros([3])), null);
  for (const f of [grad(norm), jit(valueAndGrad(norm)), grad(checkpoint(norm))]) {
    const { operation, value } = factsOf(await findNonFinite(f, zeros([3])));
    assertEquals([operation, value], ["div", "infinite"]);
  }
});

testOnEveryDevice("in loops the iteration is found, in both directions and in loops within loops", async () => {
  const body = (carry: Tensor, x: Tensor): [Tensor, Tensor] => [carry.add(x.log()), carry];
  const xs = tensor([1, 2, 0, 0, 3]);
  const found = { ...computed, operation: "log", value: "infinite", shape: [] } as const;
  for (const [reverse, turn] of [[false, 2], [true, 3]] as const) {
    const f = (xs: Tensor) => scan(body, tensor(0), xs, { reverse });
    assertEquals(factsOf(await findNonFinite(f, xs)), { ...found, turns: [turn] });
  }
  const inner = (carry: Tensor, row: Tensor): [Tensor, Tensor] => scan(body, carry, row);
  const nested = (rows: Tensor) => scan(inner, tensor(0), rows)[0];
  assertEquals(factsOf(await findNonFinite(nested, tensor([[1, 2], [3, 4], [5, 0]]))), { ...found, turns: [2, 1] });
  const growing = (x: Tensor) =>
    scan((carry: Tensor): [Tensor, null] => [carry.square(), null], x, null, { length: 9 });
  const { turns, operation } = factsOf(await findNonFinite(growing, tensor(10)));
  assertEquals([turns, operation], [[5], "mul"]);
});

testOnEveryDevice("the gradient of a loop is searched, too", async () => {
  const roots = (x: Tensor) =>
    scan((sum: Tensor, one: Tensor): [Tensor, null] => [sum.add(one.sqrt()), null], tensor(0), x)[0];
  const found = await findNonFinite(grad(roots), tensor([1, 4, 0]));
  assertEquals([found?.operation, found?.value], ["div", "infinite"]);
});

testOnEveryDevice(
  "the place is the line that applies the operation, or the one whose gradient is computed",
  async () => {
    const here = (line: number): string => `find_non_finite_test.ts:${line}:`;
    const line = Number(/_test\.ts:(\d+)/.exec(new Error().stack ?? "")![1]);
    const root = (x: Tensor) => x.sqrt().sum();
    const value = await findNonFinite(jit((x: Tensor) => root(x)), tensor([-1]));
    assert(value?.place?.includes(here(line + 1)), `${value?.place}`);
    const gradient = await findNonFinite(grad(root), tensor([0]));
    assert(gradient?.place?.includes(here(line + 1)), `${gradient?.place}`);
  },
);

testOnEveryDevice("a donated argument stays usable, and a normal call records nothing", async () => {
  const step = jit((x: Tensor) => x.mul(2), { donate: [0] });
  const x = tensor([1, Infinity]).add(0);
  assertEquals((await findNonFinite(step, x))?.operation, "argument");
  assertEquals(await x.toArray(), [1, Infinity]);
});

Deno.test("a function that returns a promise is refused, and so is what is no function", async () => {
  const asynchronous = (x: Tensor) => Promise.resolve(x);
  await assertRejects(() => findNonFinite(asynchronous, tensor(1)), TypeError, "it is async; return tensors");
  await assertRejects(() => findNonFinite(3 as never), TypeError, "Cannot find values that are not finite");
});
