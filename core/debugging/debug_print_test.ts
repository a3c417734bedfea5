import { assert, assertEquals, assertThrows } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ones, tensor, zeros } from "../creation.ts";
import { explain } from "../explain.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import { checkpoint, grad, valueAndGrad, vjp } from "../gradients.ts";
import { scan } from "../scan.ts";
import { debugPrint, debugPrintsDone } from "./debug_print.ts";
import { findNonFinite } from "./find_non_finite.ts";

/** A function that prints into lines, which `printed` returns and forgets. */
function printer() {
  const lines: string[] = [];
  return {
    show: (x: Tensor, label?: string) => debugPrint(x, { ...label && { label }, print: (text) => lines.push(text) }),
    printed: async (): Promise<string[]> => {
      await debugPrintsDone();
      return lines.splice(0);
    },
  };
}

testOnEveryDevice("each call of a compiled function prints its values, in order, and returns the same", async () => {
  const { show, printed } = printer();
  const f = jit((x: Tensor) => show(show(x.mul(2), "double").add(1), "next").sum());
  assertEquals(await f(tensor([1, 2])).item(), 8);
  assertEquals(await f(tensor([3, 4])).item(), 16);
  f(ones([0]));
  const first = ["double: f32[2] [2, 4]", "next: f32[2] [3, 5]"];
  const second = ["double: f32[2] [6, 8]", "next: f32[2] [7, 9]"];
  assertEquals(await printed(), [...first, ...second, "double: f32[0] []", "next: f32[0] []"]);
});

testOnEveryDevice("arguments, results, constants, integers and flags are printed, in and outside of jit", async () => {
  const { show, printed } = printer();
  const held = tensor([7]);
  const f = (x: Tensor, n: Tensor) => [show(x), show(n), show(held), show(n.greater(1)), show(x.exp().log().mul(0))];
  const wanted = ["f32[] 3", "i32[2] [1, 2]", "f32[1] [7]", "bool[2] [false, true]", "f32[] 0"];
  for (const g of [f, jit(f)]) {
    g(tensor(3), tensor([1, 2], [2], { dtype: "i32" }));
    assertEquals(await printed(), wanted);
  }
});

testOnEveryDevice("a gradient prints each value once, and is the gradient", async () => {
  const { show, printed } = printer();
  const loss = (x: Tensor) => show(x.square(), "squares").sum();
  const [wanted, x] = [["squares: f32[2] [1, 9]"], tensor([1, 3])];
  const functions = [
    grad(loss),
    jit(grad(loss)),
    jit((x: Tensor) => valueAndGrad(loss)(x)[1]),
    (x: Tensor) => grad(checkpoint(loss))(x),
    jit((x: Tensor) => grad(jit(loss))(x)),
  ];
  for (const gradient of functions) {
    assertEquals(await gradient(x).toArray(), [2, 6]);
    assertEquals(await printed(), wanted);
  }
  assertEquals(await vjp(loss, x)[1](tensor(1))[0].toArray(), [2, 6]);
  assertEquals(await printed(), wanted);
  const second = grad((x: Tensor) => grad(loss)(x).sum());
  assertEquals(await second(x).toArray(), [2, 2]);
  assertEquals(await printed(), wanted);
});

testOnEveryDevice("a loop prints each iteration in turn, in both directions, also in its gradient", async () => {
  const { show, printed } = printer();
  const body = (sum: Tensor, x: Tensor): [Tensor, Tensor] => [show(sum.add(x), "sum"), show(x.mul(x), "square")];
  const lines = [[1, 1], [3, 4], [6, 9]].map((
    [sum, square],
    i,
  ) => [`sum[${i}]: f32[] ${sum}`, `square[${i}]: f32[] ${square}`]);
  const loop = (xs: Tensor) => scan(body, tensor(0), xs)[0];
  for (const f of [loop, jit(loop), grad(loop), jit(grad(loop))]) {
    const y = f(tensor([1, 2, 3]));
    assertEquals(await y.toArray(), y.shape.length === 0 ? 6 : [1, 1, 1]);
    assertEquals(await printed(), lines.flat());
  }
  scan(body, tensor(0), tensor([1, 2]), { reverse: true });
  const reversed = ["sum[1]: f32[] 2", "square[1]: f32[] 4", "sum[0]: f32[] 3", "square[0]: f32[] 1"];
  assertEquals(await printed(), reversed);
  scan(body, tensor(0), zeros([0]));
  assertEquals(await printed(), []);
});

testOnEveryDevice("loops within loops print the iterations of both", async () => {
  const { show, printed } = printer();
  const inner = (sum: Tensor, x: Tensor): [Tensor, null] => [show(sum.add(x), "sum"), null];
  const outer = (sum: Tensor, row: Tensor): [Tensor, null] => [show(scan(inner, sum, row)[0], "row"), null];
  jit((rows: Tensor) => scan(outer, tensor(0), rows)[0])(tensor([[1, 2], [3, 4]]));
  const [first, second] = [["sum[0, 0]: f32[] 1", "sum[0, 1]: f32[] 3"], ["sum[1, 0]: f32[] 6", "sum[1, 1]: f32[] 10"]];
  assertEquals(await printed(), [...first, "row[0]: f32[] 3", ...second, "row[1]: f32[] 10"]);
});

testOnEveryDevice("donated arguments are printed, and their memory is still taken over", async () => {
  const { show, printed } = printer();
  const step = jit((state: Tensor) => show(state, "state").mul(2), { donate: [0] });
  let state = tensor([1, 2]).add(0);
  for (let i = 0; i < 3; i++) state = step(state);
  assertEquals(await state.toArray(), [8, 16]);
  assertEquals(await printed(), [1, 2, 4].map((factor) => `state: f32[2] [${factor}, ${2 * factor}]`));
});

testOnEveryDevice("a function without prints is compiled as ever, and one more result is all that a print adds", () => {
  const { show } = printer();
  const layer = (print: (x: Tensor) => Tensor) => (x: Tensor) => print(x.mul(2).exp()).sum();
  const sourceOf = (f: (x: Tensor) => unknown) => {
    const compiled = jit(f, { name: "layer" });
    compiled(ones([8]));
    return explain(compiled, { stage: "source" });
  };
  const plain = sourceOf(layer((x) => x));
  assert(sourceOf(layer((x) => show(x))) !== plain);
  assertEquals(sourceOf(layer((x) => x)), plain);
  const withResult = (x: Tensor) => {
    const y = x.mul(2).exp();
    return [y.sum(), y];
  };
  assertEquals(sourceOf(layer((x) => show(x))), sourceOf(withResult));
});

Deno.test("a search for NaN prints nothing", async () => {
  const { show, printed } = printer();
  assertEquals(await findNonFinite((x: Tensor) => show(x.log()), tensor(1)), null);
  assertEquals(await printed(), []);
});

Deno.test("what is no tensor is refused, and so is one that was disposed", () => {
  assertThrows(() => debugPrint(3 as never), TypeError, "Cannot print a tensor");
  const gone = tensor([1, 2]);
  gone.dispose();
  assertThrows(() => debugPrint(gone), TypeError, "Cannot use this tensor: it was disposed");
});
