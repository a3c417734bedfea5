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

Deno.test("numbers have their bounds, and lists of any length their elements", () => {
  const numbers = [[0xff, 0xff, 0xff, 0xff, 0x0f], [0xfe, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x01], [0x7f]];
  assertEquals(numbers.map((bytes) => read(0x15, ...bytes, 0).get(1)), [-(2 ** 31), 2 ** 31 - 1, 64, -64]);
  assertEquals([read(0x14, 5, 0).get(1), read(0x13, 0x7f, 0).get(1), read(0x13, 0x80, 0).get(1)], [-3, 127, -128]);
  assertEquals(read(0x16, ...Array<number>(9).fill(0xff), 0x01, 0).get(1), -(2n ** 63n));
  for (const count of [0, 1, 14, 15, 16, 200]) {
    const head = count < 15 ? [count << 4 | 5] : count < 128 ? [0xf5, count] : [0xf5, count - 128 | 128, 1];
    assertEquals(
      read(0x19, ...head, ...Array<number>(count).fill(4), 0).get(1),
      Array<number>(count).fill(2),
      `${count}`,
    );
  }
  assertEquals(read(0x18, 0, 0).get(1), new Uint8Array(0));
});

Deno.test("structures are nested up to 16 levels deep, and read from any position", () => {
  const nested = (levels: number) => [...Array<number>(levels).fill(0x1c), ...Array<number>(levels + 1).fill(0)];
  assertEquals(read(...nested(16)).size, 1);
  assertThrows(() => read(...nested(17)), RangeError, "nested too deeply");
  const bytes = Uint8Array.of(9, 9, 0x17, 0, 0, 0, 0, 0, 0, 0x04, 0x40, 0, 9).subarray(1);
  const reader = new ThriftReader(bytes, 1);
  assertEquals([reader.struct().get(1), reader.position], [2.5, 11]);
});
