import { assertEquals, assertThrows } from "@std/assert";
import { ThriftReader } from "./thrift.ts";

const read = (...bytes: number[]) => new ThriftReader(Uint8Array.from(bytes)).struct();

Deno.test("values of all kinds are read by the numbers of their fields", () => {
  const long = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]; // 2⁶³ − 1
  assertEquals(
    [...read(0x11, 0x12, 0x13, 0xff, 0x15, 0x03, 0x16, ...long, 0x18, 2, 7, 8, 0x19, 0x25, 2, 4, 0x1c, 0x11, 0, 0)],
    [
      ...[[1, true], [2, false], [3, -1], [4, -2], [5, 2n ** 63n - 1n], [6, Uint8Array.of(7, 8)], [7, [1, 2]]],
      [8, new Map([[1, true]])],
    ] as [number, boolean][],
  );
  assertEquals([...read(0x16, 0x01, 0x16, 0x02, 0x16, 0x03, 0)], [[1, -1n], [2, 1n], [3, -2n]]);
  assertEquals([...read(0x19, 0x21, 1, 2, 0x19, 0x22, 2, 1, 0)], [[1, [true, false]], [2, [false, true]]]);
  assertEquals([...read(0x05, 40, 2, 0x17, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0)], [[20, 1], [21, 1]]);
});

Deno.test("what is damaged or out of bounds is refused", () => {
  const refused: [number[], string][] = [
    [[], "it is cut short"],
    [[0x15], "it is cut short"],
    [[0x15, 0x80, 0x80, 0x80, 0x80, 0x80, 0], "too many bytes"],
    [[0x16, ...Array<number>(10).fill(0x80), 0], "too many bytes"],
    [[0x18, 100, 0], "it has 100 elements in 1 bytes"],
    [[0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0], "it has 2147483647 elements"],
    [[0x18, 1, 7], "it is cut short"],
    [[0x1b, 0, 0], "unknown type 11"],
    [[0x17, 0, 0], "it is cut short"],
    [Array<number>(50).fill(0x1c), "nested too deeply"],
    [Array<number>(50).fill(0x19).flatMap((byte) => [byte, 0x1c]), "nested too deeply"],
  ];
  for (const [bytes, message] of refused) assertThrows(() => read(...bytes), RangeError, message);
});
