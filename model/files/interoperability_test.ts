import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { writeModel } from "./container.ts";
import { tensor } from "../../core/mod.ts";
import { writeParameters } from "./parameters.ts";
import { decodeSafetensors, type TensorEntry } from "./safetensors.ts";

/** The Python to run, which may be that of a virtual environment with the safetensors package. */
const python = Deno.env.get("PYTHON") ?? "python3";

async function runPython(...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(python, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
}

const hasNumpy = await runPython("-c", "import numpy") !== undefined;
const hasPackage = await runPython("-c", "import numpy, safetensors.numpy") !== undefined;

const script = (name: string) => fromFileUrl(import.meta.resolve(`../../tests/python/${name}`));
const typeNames = { f32: "float32", i32: "int32", u32: "uint32", bool: "bool" } as const;

interface PrintedTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: string;
}

async function withFile(test: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await test(path);
  } finally {
    await Deno.remove(path);
  }
}

async function assertPythonReads(path: string, ...options: string[]): Promise<void> {
  const printed = await runPython(script("read_safetensors.py"), path, ...options) ?? "";
  const read = printed.trim().split("\n").map((line): PrintedTensor => JSON.parse(line));
  const written = Object.entries(decodeSafetensors(await Deno.readFile(path)).tensors);
  const expected = written.map(([name, { dtype, shape, values }]): PrintedTensor => ({
    name,
    type: typeNames[dtype],
    shape,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toHex(),
  }));
  const byName = (a: PrintedTensor, b: PrintedTensor) => a.name < b.name ? -1 : 1;
  assertEquals(read.sort(byName), expected.sort(byName));
}

const readers = [
  { reader: "NumPy", options: [], ignore: !hasNumpy },
  { reader: "Python's safetensors", options: ["--package"], ignore: !hasPackage },
];

for (const { reader, options, ignore } of readers) {
  Deno.test(`${reader} reads a .yp file with equal values`, { ignore }, async () => {
    await withFile(async (path) => {
      const layer = { W: tensor([[1, -0.5, 1e-45], [Infinity, NaN, 0.1]]), mask: tensor([true, false, true]) };
      const params = { "Hidden layer 1": layer, "": { step: tensor(7, [], { dtype: "i32" }) } };
      await writeParameters(path, { network: "ä mlp", params });
      await assertPythonReads(path, ...options);
    });
  });

  Deno.test(`${reader} reads a .ym file with equal values`, { ignore }, async () => {
    await withFile(async (path) => {
      const key: TensorEntry = { dtype: "u32", shape: [2], values: Uint32Array.of(1, 0xffffffff) };
      const W: TensorEntry = { dtype: "f32", shape: [0, 5], values: new Float32Array(0) };
      writeModel(path, {
        configuration: {},
        state: { best: Infinity },
        groups: { random: { key }, parameters: { W } },
      });
      await assertPythonReads(path, ...options);
    });
  });
}

Deno.test("a file of Python's safetensors is read with equal values", { ignore: !hasPackage }, async () => {
  await withFile(async (path) => {
    await runPython(script("write_safetensors.py"), path);
    const { tensors, metadata } = decodeSafetensors(await Deno.readFile(path), path);
    assertEquals(metadata, { network: "mlp", made: "by Python, ä" });
    const expected: Record<string, TensorEntry> = {
      W: { dtype: "f32", shape: [2, 3], values: Float32Array.of(1, -0, 0.1, Infinity, -1e-45, 3e38) },
      transposed: { dtype: "f32", shape: [3, 2], values: Float32Array.of(0, 3, 1, 4, 2, 5) },
      half: { dtype: "f32", shape: [2], values: Float32Array.of(1.5, -65504) },
      double: { dtype: "f32", shape: [1], values: Float32Array.of(0.1) },
      long: { dtype: "i32", shape: [2], values: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
      int: { dtype: "i32", shape: [], values: Int32Array.of(-7) },
      unsigned: { dtype: "u32", shape: [1], values: Uint32Array.of(2 ** 32 - 1) },
      byte: { dtype: "u32", shape: [1, 1], values: Uint32Array.of(255) },
      flags: { dtype: "bool", shape: [3], values: Uint8Array.of(1, 0, 1) },
      empty: { dtype: "f32", shape: [0, 3], values: new Float32Array(0) },
    };
    assertEquals(Object.fromEntries(Object.keys(expected).map((name) => [name, tensors[name]])), expected);
    assertEquals(Object.keys(tensors).length, Object.keys(expected).length);
  });
});
