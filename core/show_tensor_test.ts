import { assertEquals, assertThrows } from "@std/assert";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { arange, jit, ones, type Tensor, tensor, zeros } from "./mod.ts";

Deno.test("the text of a tensor has type, shape, and the values that the host has", () => {
  assertEquals(String(tensor([[1, 2.5], [-0, 4]])), "Tensor f32[2, 2] [[1, 2.5], [-0, 4]]");
  assertEquals(`${tensor(7)}`, "Tensor f32[] 7");
  assertEquals(String(tensor([0.1, NaN, -Infinity])), "Tensor f32[3] [0.1, NaN, -Infinity]");
  assertEquals(String(tensor([true, false])), "Tensor bool[2] [true, false]");
  assertEquals(String(zeros([2, 0])), "Tensor f32[2, 0] [[], []]");
  assertEquals(String(ones([2], { dtype: "i32" })), "Tensor i32[2] [1, 1]");
});

Deno.test("long axes are shortened, and large tensors are described by their type alone", () => {
  assertEquals(String(tensor([0, 1, 2, 3, 4, 5, 6])), "Tensor f32[7] [0, 1, 2, …, 4, 5, 6]");
  assertEquals(String(zeros([300, 300])), "Tensor f32[300, 300]");
  assertEquals(String(zeros([2 ** 16])), "Tensor f32[65536] [0, 0, 0, …, 0, 0, 0]");
  assertEquals(String(zeros([2 ** 16 + 1])), "Tensor f32[65537]");
});

Deno.test("a view shows the values that it rearranges", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  assertEquals(String(x.transpose()), "Tensor f32[3, 2] [[1, 4], [2, 5], [3, 6]]");
  assertEquals(String(x.reshape([3, 2]).slice([1])), "Tensor f32[2, 2] [[3, 4], [5, 6]]");
});

Deno.test("console.log shows the same text in Deno and in Node", () => {
  assertEquals(Deno.inspect(tensor([1])), "Tensor f32[1] [1]");
  const inspect = Reflect.get(tensor([1]), Symbol.for("nodejs.util.inspect.custom"));
  assertEquals(Reflect.apply(inspect, tensor([1]), []), "Tensor f32[1] [1]");
});

Deno.test("an operator on a tensor is refused with the method to call", () => {
  const x: unknown = tensor([1, 2]);
  for (const apply of [(x: never) => x + 1, (x: never) => 2 * x, (x: never) => x < 1, (x: never) => +x]) {
    assertThrows(
      () => apply(x as never),
      TypeError,
      "Cannot use an operator such as + on f32[2]: expected a method, such as x.add(1)",
    );
  }
});

testOnEveryDevice("values on a device only, traced and disposed ones are not shown", () => {
  const x = tensor([1, 2]);
  assertEquals(String(x.add(1)), "Tensor f32[2]");
  const seen: string[] = [];
  jit((x: Tensor) => (seen.push(String(x)), x.add(1)))(x);
  assertEquals(seen, ["Tensor f32[2] (traced)"]);
  x.dispose();
  assertEquals(String(x), "Tensor f32[2]");
  assertEquals(String(arange(2)), "Tensor f32[2]");
});

testOnEveryDevice("notebooks show the elements of a computed tensor", async () => {
  const display = async (x: Tensor): Promise<unknown> =>
    await Reflect.apply(Reflect.get(x, Symbol.for("Jupyter.display")), x, []);
  assertEquals(await display(tensor([[1, 2], [3, 4]]).add(0.5)), {
    "text/plain": "Tensor f32[2, 2] [[1.5, 2.5], [3.5, 4.5]]",
  });
  assertEquals(await display(tensor([1, 2, 3]).less(2)), { "text/plain": "Tensor bool[3] [true, false, false]" });
  assertEquals(await display(zeros([0, 2]).add(1)), { "text/plain": "Tensor f32[0, 2] []" });
});
