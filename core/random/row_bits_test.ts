import { assertEquals } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { tensor } from "../creation.ts";
import { threefry2x32 } from "../scalar/double_precision.ts";
import { rowBits } from "./row_bits.ts";

testOnEveryDevice("each row has the words of its own key and of the positions within it", async () => {
  const keys = [[0, 0], [7, 0xffffffff], [0x13198a2e, 0x03707344]];
  const [first, second] = [0, 1].map((i) => tensor(Uint32Array.from(keys, (key) => key[i])));
  for (const shape of [[3, 5], [3, 2, 3], [3, 1], [3]]) {
    const count = shape.slice(1).reduce((product, extent) => product * extent, 1);
    const expected = keys.flatMap((key) =>
      Array.from({ length: count }, (_, position) => {
        const [a, b] = threefry2x32(key as [number, number], [4, position]);
        return (a ^ b) >>> 0;
      })
    );
    const words = rowBits(first, second, shape);
    assertEquals([words.shape, [...await words.data()]], [shape, expected]);
  }
});
