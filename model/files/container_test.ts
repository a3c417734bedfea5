import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { decodeModel, encodeModel, type ModelFile, readModel, writeModel } from "./container.ts";
import { FileFormatError } from "./errors.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

const model: ModelFile = {
  configuration: { name: "mlp", layers: [{ kind: "DenseLayer", name: "a/b", configuration: { units: 500 } }] },
  state: { epoch: 3, batch: 17, bestError: Infinity, history: [0.1, NaN, -0], report: null },
  groups: {
    parameters: { "a~1b/W": { dtype: "f32", shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) } },
    optimizer: {
      "step": { dtype: "i32", shape: [], values: Int32Array.of(12) },
      "velocity/0": { dtype: "f32", shape: [1], values: Float32Array.of(0.5) },
    },
    random: { key: { dtype: "u32", shape: [2], values: Uint32Array.of(1, 4000000000) } },
    layerState: {},
  },
};

function bytesOf(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const file = bytesOf(encodeModel(model));

Deno.test("a whole model is the same after writing and reading, including empty groups and numbers that JSON lacks", () => {
  assertEquals(decodeModel(file), model);
});

Deno.test("a whole model is written to a file and read again", async () => {
  const path = await Deno.makeTempFile({ suffix: ".ym" });
  try {
    writeModel(path, model);
    assertEquals(readModel(path), model);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a whole model is a safetensors file that other programs read", () => {
  const { tensors, metadata } = decodeSafetensors(file);
  assertEquals(tensors["parameters/a~1b/W"], model.groups.parameters["a~1b/W"]);
  assertEquals([metadata.format, metadata.version], ["yadll model", "2"]);
});

Deno.test("the same model gives the same bytes", () => {
  assertEquals(bytesOf(encodeModel(structuredClone(model))), file);
});

Deno.test("a change of any bit of the file is detected", () => {
  for (let i = 0; i < file.length; i++) {
    const damaged = file.slice();
    damaged[i] ^= 1 << (i % 8);
    assertThrows(() => decodeModel(damaged, "best.ym"), FileFormatError, "best.ym");
  }
});

Deno.test("a file that is truncated at any byte, or extended, is refused", () => {
  for (let length = 0; length < file.length; length++) {
    assertThrows(() => decodeModel(file.subarray(0, length)), FileFormatError);
  }
  assertThrows(() => decodeModel(Uint8Array.of(...file, 0)), FileFormatError, "bytes follow its end");
});

Deno.test("a damaged tensor is distinguished from a file of another kind", () => {
  const damaged = file.slice();
  damaged[damaged.length - 1] ^= 1;
  const error = assertThrows(() => decodeModel(damaged, "best.ym"), FileFormatError, "expected the SHA-256 checksum");
  assertStringIncludes(error.message, "it is damaged");
  const parameters = bytesOf(encodeSafetensors({}, { format: "yadll parameters" }));
  assertThrows(() => decodeModel(parameters), FileFormatError, 'got the format "yadll parameters"');
  assertThrows(() => decodeModel(bytesOf(encodeSafetensors({}))), FileFormatError, "of another program");
});

Deno.test("a later format is refused, and the error says to update", () => {
  const later = bytesOf(encodeSafetensors({}, { format: "yadll model", version: "3" }));
  assertThrows(() => decodeModel(later), FileFormatError, "got format 3: it was written by a newer version of yadll");
});

Deno.test("a file without a checksum in its position is refused", () => {
  const metadata = { format: "yadll model", version: "1", sha256: "0".repeat(64), configuration: "{}", state: "{}" };
  assertThrows(
    () => decodeModel(bytesOf(encodeSafetensors({}, metadata))),
    FileFormatError,
    "a checksum at the beginning",
  );
});

Deno.test("the name of a group may be empty, like that of a tensor", () => {
  const entry = { dtype: "i32", shape: [], values: Int32Array.of(12) } as const;
  const unnamed = { ...model, groups: { "": { "": entry, "a/b": entry } } };
  assertEquals(decodeModel(bytesOf(encodeModel(unnamed))), unnamed);
});

Deno.test("the name of a group must not contain a slash", () => {
  assertThrows(
    () => encodeModel({ ...model, groups: { "a/b": {} } }),
    TypeError,
    "a slash separates groups from names",
  );
});
