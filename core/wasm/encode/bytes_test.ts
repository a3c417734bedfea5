import { assertEquals } from "@std/assert";
import { Bytes, bytesKey } from "./bytes.ts";

const bytesOf = (bytes: Bytes): number[] => [...bytes.copy()];

Deno.test("numbers are written as LEB128, as in the specification's examples", () => {
  assertEquals(bytesOf(new Bytes().unsigned(624485)), [0xe5, 0x8e, 0x26]);
  assertEquals(bytesOf(new Bytes().unsigned(0)), [0]);
  assertEquals(bytesOf(new Bytes().unsigned(2 ** 32 - 1)), [0xff, 0xff, 0xff, 0xff, 0x0f]);
  for (
    const write of [(value: number) => new Bytes().signed(value), (v: number) => new Bytes().signedLong(BigInt(v))]
  ) {
    assertEquals(bytesOf(write(-123456)), [0xc0, 0xbb, 0x78]);
    assertEquals(bytesOf(write(64)), [0xc0, 0x00]);
    assertEquals(bytesOf(write(63)), [0x3f]);
    assertEquals(bytesOf(write(-64)), [0x40]);
    assertEquals(bytesOf(write(-65)), [0xbf, 0x7f]);
    assertEquals(bytesOf(write(-(2 ** 31))), [0x80, 0x80, 0x80, 0x80, 0x78]);
  }
  assertEquals(bytesOf(new Bytes().signedLong(2n ** 62n)), [...new Array(8).fill(0x80), 0xc0, 0x00]);
});

Deno.test("a byte and a number are written as one by one", () => {
  for (const value of [0, 0x7f, 0x80, 0x105, 624485, 2 ** 32 - 1, 2 ** 53 - 1]) {
    for (const before of [0, 55, 56, 62, 63, 64, 65]) {
      const start = () => new Bytes().append(new Uint8Array(before).fill(1));
      assertEquals(bytesOf(start().byteAndUnsigned(0xfd, value)), bytesOf(start().byte(0xfd).unsigned(value)));
    }
  }
});

Deno.test("singles and doubles are written as their bits, the lowest byte first", () => {
  assertEquals(bytesOf(new Bytes().single(1)), [0, 0, 0x80, 0x3f]);
  assertEquals(bytesOf(new Bytes().double(-2)), [0, 0, 0, 0, 0, 0, 0, 0xc0]);
});

Deno.test("bytes can be appended without limit, one or many at a time", () => {
  const [single, many] = [new Bytes(), new Bytes()];
  const thousand = Uint8Array.from({ length: 1000 }, (_, i) => i);
  for (const byte of thousand) single.byte(byte);
  many.append(thousand, 0, 1).append(thousand, 1, 30).append(single, 30, 100).append(single, 100);
  assertEquals([single.length, many.length], [1000, 1000]);
  assertEquals(many.copy(), thousand);
  assertEquals(bytesOf(many.sized(new Bytes().byte(7))).slice(998), [...thousand.slice(998), 1, 7]);
  assertEquals(bytesOf(single.append(single, 0, 2)).length, 1002);
});

Deno.test("keys are equal only for equal bytes", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assertEquals(bytesKey(all), bytesKey(all.slice()));
  assertEquals(new Set(Array.from(all, (byte) => bytesKey(Uint8Array.of(byte)))).size, 256);
});
