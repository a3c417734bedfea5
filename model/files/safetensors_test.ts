import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeModel } from "./container.ts";
import { FileFormatError } from "./errors.ts";
import type { ReadOptions } from "./read_options.ts";
import { decodeSafetensors, encodeSafetensors, type TensorEntries } from "./safetensors.ts";
import { endOfHeader } from "./safetensors_header.ts";

/** The parts of a file as one array. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A file with any header, valid or not. */
function fileOf(header: unknown, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const size = new Uint8Array(BigUint64Array.of(length ?? BigInt(text.length)).buffer);
  return Uint8Array.of(...size, ...text, ...Array.from(data));
}

const tensors: TensorEntries = {
  "flags": { dtype: "bool", shape: [3], values: Uint8Array.of(1, 0, 1) },
  "Hidden layer 1/W": { dtype: "f32", shape: [2, 3], values: Float32Array.of(1, -0, NaN, Infinity, 1e-45, 0.1) },
  "key": { dtype: "u32", shape: [2], values: Uint32Array.of(0xffffffff, 7) },
  "steps": { dtype: "i32", shape: [], values: Int32Array.of(-5) },
  "empty": { dtype: "f32", shape: [0, 4], values: new Float32Array(0) },
};

Deno.test("tensors of all types and shapes keep all bits", () => {
  const named = { ...tensors, ["__proto__"]: tensors["flags"] };
  const decoded = decodeSafetensors(join(encodeSafetensors(named, { a: "1", ä: "é" })));
  assertEquals(decoded.metadata, { a: "1", ä: "é" });
  assertEquals(Object.keys(decoded.tensors).sort(), Object.keys(named).sort());
  for (const [name, { dtype, shape, values }] of Object.entries(named)) {
    const entry = decoded.tensors[name];
    assertEquals([entry.dtype, entry.shape], [dtype, shape]);
    assertEquals(new Uint8Array(entry.values.buffer), new Uint8Array(values.buffer));
  }
});

Deno.test("the header fills a multiple of 8 bytes, and wide elements come before narrow ones", () => {
  const [header, ...elements] = encodeSafetensors(tensors);
  assertEquals(header.length % 8, 0);
  const narrow = elements.findIndex((part) => part.length % 4 !== 0);
  assertEquals(narrow, elements.length - 1);
});

Deno.test("the order in which tensors are given does not change the file", () => {
  const reversed = Object.fromEntries(Object.entries(tensors).reverse());
  assertEquals(join(encodeSafetensors(reversed)), join(encodeSafetensors(tensors)));
});

Deno.test("a file without metadata has no place for it", () => {
  const [header] = encodeSafetensors({});
  assertEquals(new TextDecoder().decode(header.subarray(8)).trimEnd(), "{}");
});

Deno.test("a header may be as long as 16 MiB, and no longer unless limitBytes allows more", () => {
  const endOf = (length: number): number => {
    const bytes = new Uint8Array(BigUint64Array.of(BigInt(length)).buffer);
    const source = { file: "own", length: 2 ** 30, limitBytes: 2 ** 33, read: () => bytes, [Symbol.dispose]: () => {} };
    return endOfHeader(source);
  };
  assertEquals(endOf(2 ** 24), 8 + 2 ** 24);
  assertThrows(() => endOf(2 ** 24 + 1), FileFormatError, "a header of at most 16777216 bytes");
});

Deno.test("a file without tensors contains its metadata", () => {
  const decoded = decodeSafetensors(join(encodeSafetensors({}, { network: "mlp" })));
  assertEquals(decoded, { tensors: {}, metadata: { network: "mlp" } });
});

Deno.test("views of larger buffers are written correctly", () => {
  const values = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  const shared = new Float32Array(new SharedArrayBuffer(8));
  shared.set(values);
  for (const part of [values, shared]) {
    const file = join(encodeSafetensors({ W: { dtype: "f32", shape: [2], values: part } }));
    assertEquals(decodeSafetensors(file).tensors.W.values, Float32Array.of(1, 2));
  }
});

Deno.test("other element types are converted", () => {
  const cases: [string, ArrayBufferView, TensorEntries[string]["values"]][] = [
    ["F64", Float64Array.of(0.1, -2), Float32Array.of(0.1, -2)],
    ["F16", Float16Array.of(1.5, 65504), Float32Array.of(1.5, 65504)],
    ["BF16", Uint16Array.of(0x3fc0, 0xff80), Float32Array.of(1.5, -Infinity)],
    ["I64", BigInt64Array.of(-3n, 2147483647n), Int32Array.of(-3, 2147483647)],
    ["U64", BigUint64Array.of(0n, 7n), Int32Array.of(0, 7)],
    ["I16", Int16Array.of(-300, 5), Int32Array.of(-300, 5)],
    ["I8", Int8Array.of(-128, 5), Int32Array.of(-128, 5)],
    ["U16", Uint16Array.of(65535, 5), Uint32Array.of(65535, 5)],
    ["U8", Uint8Array.of(255, 5), Uint32Array.of(255, 5)],
  ];
  for (const [dtype, raw, expected] of cases) {
    const data = new Uint8Array(raw.buffer);
    const file = fileOf({ x: { dtype, shape: [2], data_offsets: [0, data.length] } }, data);
    assertEquals(decodeSafetensors(file).tensors.x.values, expected, dtype);
  }
});

Deno.test("all half floats have the values of Float16Array", () => {
  for (let first = 0; first < 65536; first += 8192) {
    const halves = Uint16Array.from({ length: 8192 }, (_, i) => first + i);
    const data = new Uint8Array(halves.buffer);
    const file = fileOf({ x: { dtype: "F16", shape: [8192], data_offsets: [0, data.length] } }, data);
    assertEquals(decodeSafetensors(file).tensors.x.values, Float32Array.from(new Float16Array(halves.buffer)));
  }
});

Deno.test("each error in a file is a FileFormatError that says what was expected and found", () => {
  const tensor = (data_offsets: unknown, more: object = {}) => ({ dtype: "F32", shape: [1], data_offsets, ...more });
  const large = new Uint8Array(BigInt64Array.of(2n ** 31n).buffer);
  const cases: [Uint8Array, string][] = [
    [Uint8Array.of(1, 2), "expected a safetensors file, of at least 8 bytes, got 2 bytes"],
    [new Uint8Array(7), "of at least 8 bytes, got 7 bytes"],
    [new Uint8Array(8), "expected JSON"],
    [fileOf({}, [], 1n), "expected JSON"],
    [fileOf({}, [], 100n), "at most 2 of its 10 bytes, got 100; it is truncated, or of another kind"],
    [fileOf({}, [], 2n ** 63n), "got 9223372036854775808"],
    [fileOf("[1]"), "a record as header"],
    [fileOf("{'a': 1}"), "expected JSON"],
    [Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), "a header in UTF-8"],
    [fileOf({ a: 5 }), 'a record for tensor "a", got 5'],
    [fileOf({ a: { dtype: "F31", shape: [], data_offsets: [0, 4] } }, [0, 0, 0, 0]), 'for tensor "a", got "F31"'],
    [fileOf({ a: { shape: [], data_offsets: [0, 4] } }), "got none"],
    [fileOf({ a: tensor([0, 4], { shape: [-1] }) }), 'whole numbers as shape of tensor "a", got [-1]'],
    [fileOf({ a: tensor([0, 4], { shape: "1" }) }), 'shape of tensor "a", got "1"'],
    [fileOf({ a: tensor([0]) }), 'a start and an end as offsets of tensor "a", got [0]'],
    [fileOf({ a: tensor([4, 0]) }), "got [4,0]"],
    [fileOf({ a: tensor([0, 1.5]) }), "got [0,1.5]"],
    [fileOf({ a: tensor([0, 8]) }, new Uint8Array(8)), '4 bytes for tensor "a" of type F32 and shape [1], got 8'],
    [
      fileOf({ a: tensor([0, 4]), b: tensor([0, 4]) }, [0, 0, 0, 0]),
      'tensor "b" to start at byte 4, got 0: it overlaps',
    ],
    [fileOf({ a: tensor([4, 8]) }, new Uint8Array(8)), 'tensor "a" to start at byte 0, got 4: it leaves a gap'],
    [fileOf({ a: tensor([0, 4]) }, [0, 0]), "expected 4 bytes of elements, got 2: it is truncated"],
    [fileOf({ a: tensor([0, 4]) }, new Uint8Array(5)), "expected 4 bytes of elements, got 5: bytes follow its end"],
    [fileOf({ a: tensor([0, 4], { shape: [2 ** 31 - 1] }) }), '8589934588 bytes for tensor "a" of type F32'],
    [fileOf({ a: tensor([0, 4], { shape: [2 ** 31] }) }), 'at most 2147483647 elements in tensor "a"'],
    [fileOf('{"a": {}, "a": {}}'), 'the key "a" twice'],
    [fileOf({ __metadata__: { a: 1 } }), "strings as __metadata__"],
    [fileOf({ __metadata__: 7 }), "strings as __metadata__"],
    [fileOf({ a: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, large), "the 64-bit integer 2147483648"],
    [fileOf({ a: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } }, [2]), "the byte 2 as a boolean"],
  ];
  for (const [file, message] of cases) {
    const error = assertThrows(() => decodeSafetensors(file, "mnist.yp"), FileFormatError, message);
    assert(error.message.includes("mnist.yp"), error.message);
  }
});

Deno.test("a file that is truncated at any byte is refused", () => {
  const file = join(encodeSafetensors(tensors, { network: "mlp" }));
  for (let length = 0; length < file.length; length++) {
    assertThrows(() => decodeSafetensors(file.subarray(0, length)), FileFormatError);
  }
});

Deno.test("tensors whose elements do not fit are not written", () => {
  const entry = (dtype: "f32" | "bool", shape: number[], values: Float32Array) => ({ W: { dtype, shape, values } });
  assertThrows(
    () => encodeSafetensors(entry("f32", [2, 2], new Float32Array(3))),
    TypeError,
    'Cannot write tensor "W": expected 4 elements in a Float32Array for f32[2, 2], got 3 in a Float32Array',
  );
  assertThrows(
    () => encodeSafetensors(entry("bool", [1], new Float32Array(1))),
    TypeError,
    "in a Uint8Array for bool[1]",
  );
  const reserved = { __metadata__: { dtype: "f32", shape: [], values: new Float32Array(1) } } as const;
  assertThrows(() => encodeSafetensors(reserved), TypeError, "the format reserves this name");
});

Deno.test("a file with any changed byte in its header is either read or refused", () => {
  const file = join(encodeSafetensors(tensors, { network: "mlp" }));
  const end = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  let refused = 0;
  for (let at = 0; at < end; at++) {
    for (const value of [0, 0x22, 0x2d, 0x30, 0x39, 0x7b, 0xff, file[at] ^ 1]) {
      const changed = file.slice();
      changed[at] = value;
      try {
        decodeSafetensors(changed);
      } catch (error) {
        assert(error instanceof FileFormatError, `byte ${at} as ${value}: ${error}`);
        refused++;
      }
    }
  }
  assert(refused > end);
});

Deno.test("bytes in memory have the same limits as files: of their length, their header and their tensors", () => {
  const header = (text: string, length: number): Uint8Array => {
    const bytes = new Uint8Array(8 + length).fill(0x20);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
    new TextEncoder().encodeInto(text, bytes.subarray(8));
    return bytes;
  };
  const long = header("{}", 17 * 2 ** 20);
  for (const decode of [decodeSafetensors, decodeModel]) {
    const refused = (bytes: Uint8Array, options: ReadOptions, message: string) =>
      assertThrows(() => decode(bytes, "own", options), FileFormatError, message);
    refused(long, {}, "expected a header of at most 16777216 bytes, 16 MiB or 1/512 of the option limitBytes");
    refused(long, { limitBytes: 1000 }, "Cannot read own: expected at most 1000 bytes (see option limitBytes)");
    const names = Array.from({ length: 200_000 }, (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`);
    const many = `{${names.join(",")}}`;
    refused(header(many, many.length), {}, "values take at most");
    const narrow = header('{"a":{"dtype":"I8","shape":[1000],"data_offsets":[0,1000]}}', 64);
    refused(new Uint8Array([...narrow, ...new Uint8Array(1000)]), { limitBytes: 2000 }, "at most 2000 bytes");
    assertThrows(() => decode(long, "own", { limitByte: 1 } as ReadOptions), RangeError, "did you mean limitBytes?");
  }
  assertEquals(decodeSafetensors(long, "own", { limitBytes: 2 ** 34 }), { tensors: {}, metadata: {} });
});
