import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { ownNpy, parseNpy } from "./npy.ts";
import { headerOf, npy } from "./test_npy.ts";

Deno.test("parseNpy reads every element type in either byte order", () => {
  const cases: [string, number[], ArrayLike<number>][] = [
    ["|b1", [1], Uint8Array.of(1)],
    ["|u1", [255], Uint8Array.of(255)],
    ["|i1", [255], Int8Array.of(-1)],
    ["<u2", [1, 2], Uint16Array.of(513)],
    [">i2", [255, 254], Int16Array.of(-2)],
    ["<u4", [0, 0, 0, 128], Uint32Array.of(2 ** 31)],
    [">i4", [0, 1, 0, 0], Int32Array.of(65536)],
    ["<i8", [254, 255, 255, 255, 255, 255, 255, 255], Int32Array.of(-2)],
    [">u8", [0, 0, 0, 0, 0, 0, 1, 0], Int32Array.of(256)],
    ["<f2", [0, 0x3e], Float32Array.of(1.5)],
    ["<f4", [0, 0, 0xc0, 0x3f], Float32Array.of(1.5)],
    [">f8", [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], Float64Array.of(1.5)],
  ];
  for (const [descr, content, values] of cases) {
    assertEquals<unknown>(parseNpy(npy(headerOf(descr, "(1,)"), content)), { shape: [1], values }, descr);
  }
});

Deno.test("parseNpy reads single numbers, empty arrays, and arrays whose first axis is fastest", () => {
  assertEquals(parseNpy(npy(headerOf("|u1", "()"), [7])), { shape: [], values: Uint8Array.of(7) });
  assertEquals(parseNpy(npy(headerOf("|u1", "(0, 3)"), [])), { shape: [0, 3], values: new Uint8Array(0) });
  assertEquals(parseNpy(npy(headerOf("|u1", "(2, 3)", "True"), [1, 4, 2, 5, 3, 6])), {
    shape: [2, 3],
    values: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
});

Deno.test("parseNpy names what is wrong with a file", () => {
  const good = npy(headerOf("|u1", "(3,)"), [1, 2, 3]);
  const cases: [Uint8Array, string][] = [
    [good.subarray(0, -1), "bytes for shape [3], got"],
    [Uint8Array.of(...good, 0), "bytes for shape [3], got"],
    [good.subarray(0, 30), "it is cut short"],
    [good.subarray(0, 5), "which starts with \\x93NUMPY"],
    [npy(headerOf("|O", "(1,)"), [0]), "expected elements of type b1, u1"],
    [npy(headerOf("<U3", "(1,)"), [0]), "expected elements of type b1, u1"],
    [npy(headerOf("<i8", "(1,)"), [0, 0, 0, 0, 1, 0, 0, 0]), "expected 64-bit numbers from -2147483648 to 2147483647"],
  ];
  for (const [bytes, message] of cases) {
    assertThrows(() => parseNpy(bytes, "x.npy"), DataError, message);
    assertThrows(() => parseNpy(bytes, "x.npy"), DataError, "Cannot read x.npy");
  }
});

Deno.test("parseNpy reads the longer headers of versions 2 and 3", () => {
  const header = new TextEncoder().encode(`${headerOf("<u2", "(1, 2)")}${" ".repeat(70_000)}\n`);
  const length = new Uint8Array(Uint32Array.of(header.length).buffer);
  for (const version of [2, 3]) {
    const bytes = Uint8Array.of(
      0x93,
      ...new TextEncoder().encode("NUMPY"),
      version,
      0,
      ...length,
      ...header,
      1,
      0,
      0,
      1,
    );
    assertEquals(parseNpy(bytes), { shape: [1, 2], values: Uint16Array.of(1, 256) });
  }
});

Deno.test("a header that is cut at any byte is told from a file of another kind", () => {
  const bytes = npy(headerOf("|u1", "(3,)"), [1, 2, 3]);
  const expected = `expected a header of ${bytes.length - 3} bytes, got 12; it is cut short`;
  assertThrows(() => parseNpy(bytes.slice(0, 12)), DataError, expected);
  assertThrows(() => parseNpy(bytes.slice(0, 11)), DataError, "expected an NPY file, which starts with");
});

Deno.test("headers of version 3 are UTF-8, and others Latin-1", () => {
  const header = new TextEncoder().encode("{'ü': 1}\n");
  for (const [version, name] of [[2, "Ã¼"], [3, "ü"]] as const) {
    const magic = [0x93, ...new TextEncoder().encode("NUMPY"), version, 0];
    const bytes = Uint8Array.of(...magic, header.length, 0, 0, 0, ...header);
    assertThrows(() => parseNpy(bytes), DataError, `and shape, not "${name}"`);
  }
});

Deno.test("the header is a dictionary of Python, of which no other part counts", () => {
  const bytes = (header: string) => npy(header, [1, 2, 3]);
  const read = (header: string) => parseNpy(bytes(header), "x.npy");
  assertEquals(read(`{"shape": (3, ), 'fortran_order':False,'descr':"|u1"}`).shape, [3]);
  assertEquals(read("{'descr': '|u1', 'fortran_order': False, 'shape': (3L,)}").shape, [3]);
  const cases: [string, string][] = [
    [`{'descr': '|u1', 'fortran_order': False, "'shape': (3,)": 1, 'shape': (4,), }`, "expected the fields to be"],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (3,), 'shape': (3,), }", "expected another text as key"],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (3,), 'more': 1, }", 'and shape, not "more"'],
    ["{'descr': '|u1', 'shape': (3,), }", "expected fortran_order to be True or False"],
    ["{'descr': '|u1', 'fortran_order': 1, 'shape': (3,), }", "expected fortran_order to be True or False"],
    ["{'descr': '|u1', 'fortran_order': False, }", "expected shape to be a tuple"],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': 3, }", "expected shape to be a tuple"],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (-3,), }", "expected shape to be a tuple"],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': ((3,),), }", "expected shape to be a tuple"],
    [`{'descr': '|u1', 'fortran_order': False, 'shape': (${"1,".repeat(65)}), }`, "at most 64 whole numbers"],
    [`{'descr': '|u1', 'fortran_order': False, 'shape': (9007199254740991, 2), }`, "fits in memory"],
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (3,)} x", "expected the end at character"],
    ["'descr': '|u1', 'fortran_order': False, 'shape': (3,)", "expected a header that is a dictionary of Python"],
    ["('descr', 'fortran_order', 'shape')", "expected a header that is a dictionary of Python"],
    ["{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (3,), }", "expected elements of type b1, u1"],
  ];
  for (const [header, message] of cases) {
    assertThrows(() => read(header), DataError, message, header);
    assertThrows(() => read(header), DataError, "Cannot read x.npy: ", header);
  }
});

Deno.test("versions of the format that do not exist are refused", () => {
  for (const [major, minor] of [[0, 0], [4, 0], [9, 0], [1, 1]]) {
    const bytes = npy(headerOf("|u1", "(3,)"), [1, 2, 3]);
    bytes.set([major, minor], 6);
    assertThrows(() => parseNpy(bytes), DataError, `version 1.0, 2.0 or 3.0 of the format, got ${major}.${minor}`);
  }
});

Deno.test("unsigned numbers of 64 bits above 2⁶³ are out of bounds, not negative", () => {
  const bytes = npy(headerOf("<u8", "(1,)"), [255, 255, 255, 255, 255, 255, 255, 255]);
  assertThrows(() => parseNpy(bytes), DataError, "from -2147483648 to 2147483647, got 18446744073709551615");
});

Deno.test("messages show headers in one line, without control characters, and shortened", () => {
  const header = `{'descr': '\x1b[2J\n${"x".repeat(100)}'}`;
  const { message } = assertThrows(() => parseNpy(npy(header, []), "x.npy"), DataError);
  assertEquals(message.length < 400 && !/\p{Cc}/u.test(message), true, message);
});

Deno.test("an array takes over the memory of bytes of its own, and otherwise has the same values", () => {
  for (const descr of ["<f4", ">f4", "<i4", "|u1"]) {
    for (const columnsFirst of ["True", "False"]) {
      const size = descr === "|u1" ? 1 : 4;
      const content = Array.from({ length: 6 * size }, (_, i) => 7 * i % 61);
      const bytes = npy(headerOf(descr, "(2, 3)", columnsFirst), content);
      const expected = parseNpy(bytes);
      // A part of a larger piece of memory belongs to others.
      const larger = new Uint8Array(bytes.length + 80).fill(99);
      larger.set(bytes, 64);
      const part = larger.subarray(64, 64 + bytes.length);
      assertEquals(ownNpy(part, "part"), expected, descr);
      assertEquals([part, larger[63], larger.at(-1)], [bytes, 99, 99]);
      const own = Uint8Array.from(bytes);
      const { shape, values } = ownNpy(own, "own");
      assertEquals({ shape, values }, expected, descr);
      const isTaken = columnsFirst === "False" && !descr.startsWith(">");
      assertEquals(values.buffer === own.buffer, isTaken, `${descr} ${columnsFirst}`);
    }
  }
});

Deno.test("an array has at most 64 axes, as in NumPy", () => {
  const shape = (axes: number): string => `(${"1, ".repeat(axes)})`;
  assertEquals(parseNpy(npy(headerOf("|u1", shape(64)), [7])).shape.length, 64);
  assertThrows(() => parseNpy(npy(headerOf("|u1", shape(65)), [7])), DataError, "a tuple of at most 64 whole numbers");
});
