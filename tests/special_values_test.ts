import { assertEquals } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "./on_every_device.ts";

testOnEveryDevice("the first NaN is the position of the maximum and of the minimum", async () => {
  for (const length of [1, 2, 3, 5, 10, 33, 1000, 200_003]) {
    for (const places of [[0], [length - 1], [length >> 1, length - 1], [0, length >> 1], []]) {
      const values = Float32Array.from({ length }, (_, i) => i % 7);
      for (const place of places) values[place] = NaN;
      const numbers = values.map((value) => Number.isNaN(value) ? 0 : value);
      const [most, least] = [numbers.indexOf(numbers.reduce((a, b) => Math.max(a, b))), numbers.indexOf(0)];
      const expected = places.length ? [places[0], places[0]] : [most, least];
      const x = tensor(values);
      assertEquals([await x.argmax().item(), await x.argmin().item()], expected, `of ${length}, NaN at [${places}]`);
    }
  }
});

testOnEveryDevice("the first NaN of each row and column is found", async () => {
  const x = tensor([[1, NaN, 3, NaN, 9], [NaN, 7, NaN, 2, 1], [4, 4, 1, 1, 0], [
    -Infinity,
    -Infinity,
    0,
    NaN,
    Infinity,
  ]]);
  const both = jit((
    x: Tensor,
  ) => [x.argmax({ axis: 1 }), x.argmin({ axis: 1 }), x.argmax({ axis: 0 }), x.argmin({ axis: 0 })]);
  assertEquals(await Promise.all(both(x).map((y) => y.toArray())), [
    [1, 0, 0, 3],
    [1, 0, 4, 3],
    [1, 0, 1, 0, 3],
    [1, 0, 1, 0, 2],
  ]);
});
