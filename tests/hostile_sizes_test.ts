import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { zeros } from "../core/mod.ts";
import { inFolder } from "./in_folder.ts";
import { readAtMost } from "../model/files/byte_source.ts";
import { FileFormatError } from "../model/files/errors.ts";
import { parseJson } from "../model/files/json.ts";
import {
  encodeSafetensors,
  importModel,
  loadModel,
  readConfiguration,
  readModel,
  type ReadOptions,
  readParameters,
  TensorMismatchError,
} from "../model/mod.ts";

const MEGA = 2 ** 20;

/** The end of the message about JSON that is small in a file and large in memory. */
const TOO_LARGE = "expected JSON whose values take at most 41943040 bytes in memory (see option limitBytes), got more";

/** A file of safetensors whose header is a text. */
function withHeader(text: string): Uint8Array {
  const header = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

interface Case {
  readonly kind: string;
  /** Its content, and the length to which zeros fill it. */
  readonly content: string | Uint8Array;
  readonly length?: number;
  readonly message: string;
}

const deep = "[".repeat(20_000_000);
const shallow = `[${"[],".repeat(5_000_000)}[]]`;
/** A configuration of 16 MB at most, with these hyperparameters. */
const configurationOf = (hyperparameters: string): string =>
  '{"format":"yadll configuration","version":1,"network":{"name":"n","layers":[{"kind":"InputLayer","name":"input",' +
  `"incoming":[],"configuration":{"shape":[null,4]}}]},"hyperparameters":${hyperparameters}}`;

/** A record of this many fields. */
const recordOf = (count: number, field: (i: number) => string): string =>
  `{${Array.from({ length: count }, (_, i) => field(i)).join()}}`;

/** A file of this many tensors. */
function withTensors(count: number): Uint8Array {
  const header = withHeader(
    recordOf(count, (i) => `"tensor${i}":{"dtype":"F32","shape":[1],"data_offsets":[${4 * i},${4 * i + 4}]}`),
  );
  const file = new Uint8Array(header.length + 4 * count);
  file.set(header);
  return file;
}

const promise = '{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';

const cases: Readonly<Record<string, Case>> = {
  "a sparse .ym file": { kind: "model", content: "", length: 2 ** 32, message: "expected JSON" },
  "a sparse .yp file": { kind: "parameters", content: "", length: 2 ** 32, message: "expected JSON" },
  "a sparse .yp file with a short promise": {
    ...{ kind: "parameters", content: withHeader(promise), length: 2 ** 32 },
    message: "expected 8 bytes of elements",
  },
  "a sparse .ym file beyond the limit": { kind: "model", content: "", length: 2 ** 40, message: "option limitBytes" },
  "a sparse .yc file": { kind: "configuration", content: "", length: 2 ** 32, message: "at most 16777216 bytes" },
  "a sparse journal": { kind: "journal", content: "", length: 2 ** 32, message: "at most 268435456 bytes" },
  "sparse settings": { kind: "settings", content: "", length: 2 ** 32, message: "at most 16777216 bytes" },
  "a deep .yc file": { kind: "configuration", content: deep.slice(0, 2 ** 24), message: "200 levels of brackets" },
  "deep settings": { kind: "settings", content: deep.slice(0, 2 ** 24), message: "200 levels of brackets" },
  "a deep header": { kind: "model", content: withHeader(deep.slice(0, 2 ** 24)), message: "200 levels of brackets" },
  "a deep journal": { kind: "journal", content: `${deep}\n`, message: "200 levels of brackets" },
  "a run with a deep event": { kind: "run", content: `${deep.slice(0, 2 ** 24)}\n`, message: "a JSON object" },
  "a run with a long event": { kind: "run", content: `${deep}\n`, message: "at most 16777216 bytes" },
  "a header of many lists": { kind: "model", content: withHeader(shallow), message: TOO_LARGE },
  "a header of many numbers": {
    ...{ kind: "model", content: withHeader(`[${"1,".repeat(8_000_000)}1]`), message: TOO_LARGE },
  },
  "a header of many tensors": { kind: "parameters", content: withTensors(200_000), message: TOO_LARGE },
  "a header of many texts": {
    kind: "parameters",
    content: withHeader(`{"__metadata__":${recordOf(800_000, (i) => `"${i}":"${i}"`)}}`),
    message: TOO_LARGE,
  },
  "a header of wide letters": {
    kind: "parameters",
    content: withHeader(`{"__metadata__":{"a":"${"x".repeat(2 ** 24 - 100)}漢"}}`),
    message: TOO_LARGE,
  },
  // It is refused before it is read, so its length does not count.
  "a long header of spaces": {
    ...{ kind: "parameters", content: withHeader(" ".repeat(99_000_000)), length: 99_000_008 },
    message: "expected a header of at most 16777216 bytes, 16 MiB or 1/512 of the option limitBytes, got 99000000",
  },
  "a .yc file of many numbers": {
    kind: "configuration",
    content: configurationOf(`{"a":[${"1,".repeat(8_000_000)}1]}`),
    message: TOO_LARGE,
  },
  "a .yc file of many lists": {
    kind: "configuration",
    content: configurationOf(`{"a":[${"[],".repeat(1_000_000)}1]}`),
    message: TOO_LARGE,
  },
  "a .yc file of many hyperparameters": {
    kind: "configuration",
    content: configurationOf(recordOf(200_000, (i) => `"k${i}":1`)),
    message: TOO_LARGE,
  },
  "settings of many names": {
    kind: "settings",
    content: recordOf(1_000_000, (i) => `"k${i}":1`),
    message: TOO_LARGE,
  },
};

/** Reads a file in a process of its own. */
async function readInChild(kind: string, path: string): Promise<{ message: string; kilobytes: number }> {
  const child = join(import.meta.dirname!, "hostile_models", "reading_child.ts");
  const args = ["run", "--no-check", "-A", child, kind, path];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (const [name, { kind, content, length, message }] of Object.entries(cases)) {
  const fn = () =>
    inFolder(async (folder) => {
      const path = join(folder, "hostile");
      if (kind === "run") Deno.mkdirSync(path);
      const file = kind === "run" ? join(path, "events.jsonl") : path;
      Deno.writeFileSync(file, typeof content === "string" ? new TextEncoder().encode(content) : content);
      if (length !== undefined) Deno.truncateSync(file, length);
      const { message: got, kilobytes } = await readInChild(kind, path);
      assertStringIncludes(got, message);
      assertStringIncludes(got, "FileFormatError: Cannot read ");
      const held = (length === undefined ? content.length : 0) / 1024;
      assert(kilobytes < 2 * held + 64 * 1024, `${kilobytes} kB, of a file of ${held} kB`);
    });
  // The memory of a process is read from Linux.
  Deno.test({ name: `${name} is refused with little memory`, ignore: Deno.build.os !== "linux", fn });
}

for (const [type, bytes] of [["F64", 8], ["F16", 2], ["BF16", 2], ["I64", 8], ["U8", 1], ["BOOL", 1]] as const) {
  const fn = () =>
    inFolder(async (folder) => {
      const path = join(folder, "sparse.yp");
      const [length, size] = [20 * MEGA, 20 * MEGA * bytes];
      const header = withHeader(`{"b":{"dtype":"${type}","shape":[${length}],"data_offsets":[0,${size}]}}`);
      Deno.writeFileSync(path, header);
      Deno.truncateSync(path, header.length + size);
      const { message, kilobytes } = await readInChild("parameters", path);
      assertStringIncludes(message, "TensorMismatchError: Cannot load ");
      const decoded = length * (type === "BOOL" ? 1 : 4) / 1024;
      assert(kilobytes < 2 * decoded + 64 * 1024, `${kilobytes} kB for ${decoded} kB`);
    });
  const name = `a sparse file of type ${type} takes at most twice what its header promises, and 64 MB`;
  Deno.test({ name, ignore: Deno.build.os !== "linux", fn });
}

Deno.test("files of many tensors and hyperparameters are read, and larger ones with a higher limit", async () => {
  await inFolder((folder) => {
    const [tensors, configuration] = [join(folder, "a.yp"), join(folder, "a.yc")];
    const like = {
      network: "x",
      params: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`tensor${i}`, zeros([1])])),
    };
    const problemsOf = (limitBytes?: number): number =>
      assertThrows(
        () => readParameters(tensors, like, limitBytes === undefined ? {} : { limitBytes }),
        TensorMismatchError,
      ).problems.length;
    Deno.writeFileSync(tensors, withTensors(10_000));
    assertEquals(problemsOf(), 9980);
    Deno.writeFileSync(tensors, withTensors(30_000));
    assertThrows(() => readParameters(tensors, like), FileFormatError, TOO_LARGE);
    assertEquals(problemsOf(2 ** 34), 29_980);
    const write = (count: number) =>
      Deno.writeTextFileSync(configuration, configurationOf(recordOf(count, (i) => `"k${i}":1`)));
    const namesOf = (options: ReadOptions = {}) =>
      Object.keys({ ...readConfiguration(configuration, options).hyperparameters }).length;
    write(1000);
    assertEquals(namesOf(), 1000);
    write(50_000);
    assertThrows(() => namesOf(), FileFormatError, TOO_LARGE);
    assertEquals(namesOf({ limitBytes: 2 ** 34 }), 50_000);
  });
});

Deno.test("the promise of a header is checked before its elements are read: their number, and their size in memory", async () => {
  await inFolder((folder) => {
    const path = join(folder, "sparse.yp");
    const like = { network: "x", params: {} };
    const promised = (shape: string, size: number): void => {
      const header = withHeader(`{"b":{"dtype":"U8","shape":${shape},"data_offsets":[0,${size}]}}`);
      Deno.writeFileSync(path, header);
      Deno.truncateSync(path, header.length + size);
    };
    promised("[2147483648]", 2 ** 31);
    assertThrows(() => readParameters(path, like), FileFormatError, "at most 2147483647 elements");
    promised("[1000]", 1000);
    assertThrows(
      () => readParameters(path, like, { limitBytes: 3999 }),
      FileFormatError,
      "(see option limitBytes), got 4000",
    );
    promised("[9007199254740991,9007199254740991]", 0);
    assertThrows(() => readParameters(path, like), FileFormatError, "at most 2147483647 elements");
  });
});

Deno.test("the longest file can be chosen for each reader, and longer ones are refused before they are read", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "file.yp");
    const values = Float32Array.of(1, 2);
    const parts = encodeSafetensors({ b: { dtype: "f32", shape: [2], values } });
    const content = new Blob(parts);
    Deno.writeFileSync(path, await content.bytes());
    const like = { network: "x", params: { b: zeros([2]) } };
    const few = { limitBytes: 50 };
    assertEquals(await readParameters(path, like, { limitBytes: content.size }).b.toArray(), [1, 2]);
    Deno.mkdirSync(join(folder, "exported"));
    Deno.copyFileSync(path, join(folder, "exported", "model.safetensors"));
    const readers = [
      () => readParameters(path, like, few),
      () => readModel(path, few),
      () => loadModel(path, {}, few),
      () => readConfiguration(path, few),
      () => importModel(join(folder, "exported"), {}, few),
    ];
    for (const read of readers) assertThrows(read, FileFormatError, "at most 50 bytes (see option limitBytes), got ");
    const streamed = () => new Response(content.stream());
    await assertRejects(() => readParameters(streamed(), like, few), FileFormatError, "at most 50 bytes");
    await assertRejects(() => loadModel(content, {}, few), FileFormatError, "at most 50 bytes");
    assertThrows(() => readModel(path, { limitBytes: 0 }), RangeError, "expected limitBytes to be a whole number");
    assertEquals((await readParameters(streamed(), like)).b.shape, [2]);
  });
});

Deno.test("only as many bytes are read as the file had at first", async () => {
  await inFolder((folder) => {
    const path = join(folder, "file");
    Deno.writeFileSync(path, Uint8Array.of(1, 2, 3));
    assertEquals(readAtMost(path, 3), Uint8Array.of(1, 2, 3));
    assertThrows(() => readAtMost(path, 2), FileFormatError, "at most 2 bytes");
    assertThrows(() => readAtMost(folder, MEGA), Error, "it is a folder");
  });
});

Deno.test("texts that are no JSON are checked before they are parsed, whatever they hold", () => {
  for (const text of ['"', '"\\', '{"a', '{"a":', ']"a":1', '["a":1]', '{"\\x":1}', "\\", '{"a"}', "]]]]", ""]) {
    assertThrows(() => parseJson(text, "a.yc"), FileFormatError, "Cannot read a.yc: expected JSON");
  }
});
