/**
 * NPZ files: several NumPy arrays in a zip archive.
 *
 * @see {@link https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT | the zip format}, sections 4.3.7, 4.3.12, 4.3.16
 *
 * @module
 */

import { fileName, type WebFile } from "../../core/web_file.ts";
import { bytesKind, textKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments } from "../../core/options/read.ts";
import { crc32 } from "../checksums.ts";
import { DataError, messageOf } from "../errors.ts";
import { type Npy, parseNpy } from "./npy.ts";
import { readFile } from "./read_bytes.ts";

const END = { signature: 0x06054b50, bytes: 22 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };

/** How contents are unpacked, by the methods of the format. */
const unpackers: ReadonlyMap<number, (content: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>> = new Map([
  [0, (content) => Promise.resolve(content)],
  [8, inflate],
]);

/** The value of a 32-bit field whose number is in a 64-bit field elsewhere. */
const ELSEWHERE = 0xffffffff;

/** An entry of the archive's directory. */
interface Entry {
  readonly name: string;
  readonly method: number;
  /** The checksum of the unpacked content. */
  readonly crc32: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Where the entry's own header starts. */
  readonly offset: number;
}

/**
 * Reads the arrays of an NPZ file, by name.
 *
 * @throws {DataError} if it is damaged, cut short, or contains anything but arrays of numbers.
 * @throws {Deno.errors.NotFound} if there is no such file; in Node, an error with the code `ENOENT`.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { readNpz } from "@yadll/yadll/data";
 *
 * await assertRejects(() => readNpz("nowhere.npz"), Deno.errors.NotFound);
 * ```
 */
export async function readNpz(file: string | URL | WebFile): Promise<ReadonlyMap<string, Npy>> {
  return await parseNpz(await readFile(file), fileName(file));
}

/**
 * Reads the arrays from the bytes of an NPZ file, by name.
 *
 * @param name The name of the file in messages; default: NPZ data.
 * @throws {DataError} if the bytes are not a whole zip archive of NPY files.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { DataError, parseNpz } from "@yadll/yadll/data";
 *
 * await assertRejects(() => parseNpz(new Uint8Array(30), "weights.npz"), DataError, "Cannot read weights.npz");
 * ```
 */
export async function parseNpz(bytes: Uint8Array<ArrayBuffer>, name = "NPZ data"): Promise<ReadonlyMap<string, Npy>> {
  checkArgument("read NPZ", bytes, bytesKind);
  checkArguments("read NPZ", { name }, textKind);
  const arrays = new Map<string, Npy>();
  try {
    for (const entry of entriesOf(bytes)) {
      const label = `${entry.name} in ${name}`;
      arrays.set(entry.name.replace(/\.npy$/, ""), parseNpy(await contentOf(bytes, entry), label));
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `Cannot read ${name}: expected a whole zip archive, got ${bytes.length} bytes (${messageOf(cause)})`,
      {
        cause,
      },
    );
  }
  return arrays;
}

function* entriesOf(bytes: Uint8Array<ArrayBuffer>): Generator<Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== ENTRY.signature) throw new RangeError(`no directory entry at byte ${at}`);
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + ENTRY.bytes, at + ENTRY.bytes + nameLength)),
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    at += ENTRY.bytes + nameLength + extra + comment;
  }
}

/** The position of the archive's end record, which only a comment follows. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - END.bytes; at >= 0; at--) {
    if (view.getUint32(at, true) === END.signature) return at;
  }
  throw new RangeError("the end of the archive's directory is missing");
}

async function contentOf(bytes: Uint8Array<ArrayBuffer>, entry: Entry): Promise<Uint8Array<ArrayBuffer>> {
  const { name, method, packed, unpacked, offset } = entry;
  const unpack = unpackers.get(method);
  if (unpack === undefined) throw new RangeError(`${name} is packed by the method ${method}, not stored or deflated`);
  if ([packed, unpacked, offset].includes(ELSEWHERE)) throw new RangeError(`${name} has 4 GiB or more`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(offset, true) !== LOCAL.signature) throw new RangeError(`no entry at byte ${offset}`);
  const start = offset + LOCAL.bytes + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const whole = await unpack(bytes.subarray(start, start + packed));
  if (whole.length !== unpacked) throw new RangeError(`${name} has ${whole.length} bytes, not ${unpacked}`);
  if (crc32(whole) !== entry.crc32) throw new RangeError(`the checksum of ${name} is wrong`);
  return whole;
}

async function inflate(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
