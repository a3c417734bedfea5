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
  readParameters,
} from "../model/mod.ts";

const MEGA = 2 ** 20;

/** A file of safetensors whose header is a text. */
function withHeader(text: string): Uint8Array {
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(new TextEncoder().encode(text), 8);
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
const shallow = `[${"[],".repeat(6_000_000)}[]]`;
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
  "a deep header": { kind: "model", content: withHeader(deep), message: "200 levels of brackets" },
  "a deep journal": { kind: "journal", content: `${deep}\n`, message: "200 levels of brackets" },
  "a run with a deep event": { kind: "run", content: `${deep.slice(0, 2 ** 24)}\n`, message: "a JSON object" },
  "a run with a long event": { kind: "run", content: `${deep}\n`, message: "at most 16777216 bytes" },
  "a header of many lists": { kind: "model", content: withHeader(shallow), message: "1048576 lists and records" },
  "a header of many numbers": {
    ...{ kind: "model", content: withHeader(`[${"1,".repeat(9_000_000)}1]`), message: "8388608 items" },
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
