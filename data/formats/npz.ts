/**
 * NPZ files: several NumPy arrays in a zip archive.
 *
 * @see {@link https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT | the zip format}, sections 4.3.7, 4.3.12, 4.3.16
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import type { WebFile } from "../../core/web_file.ts";
import { bytesKind, textKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../../core/options/read.ts";
import { showText } from "../../core/options/show.ts";
import { crc32 } from "../checksums.ts";
import { DataError, messageOf } from "../errors.ts";
import { type ByteSource, memorySource, openBytes } from "./byte_source.ts";
import { firstBytes, inflate } from "./inflate.ts";
import { type LimitOptions, limitOptions, MOST_HEADER_BYTES } from "./limits.ts";
import { type Npy, ownNpy } from "./npy.ts";
import { npyFormat } from "./npy_format.ts";
import { promiseOf } from "./read_promised.ts";
import { methods, readZip, type ZipArchive, type ZipEntry } from "./zip.ts";

/**
 * Reads the arrays of an NPZ file, by name: the archive's directory first, and the rest only if that is consistent.
 *
 * @throws {DataError} if it is damaged, cut short, too large, or contains anything but arrays of numbers.
 * @throws {RangeError} if an option is unknown or out of bounds.
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
export async function readNpz(
  file: string | URL | WebFile,
  options: LimitOptions = {},
): Promise<ReadonlyMap<string, Npy>> {
  refuseSurplus("readNpz", arguments, 2);
  const { limitBytes } = readOptions("read NPZ", limitOptions, options);
  using source = await openBytes(file);
  return await arraysOf(source, limitBytes);
}

/**
 * Reads the arrays from the bytes of an NPZ file, by name.
 *
 * @param name The name of the file in messages; default: NPZ data.
 * @throws {DataError} if the bytes are not a whole zip archive of NPY files, or promise too many.
 * @throws {RangeError} if an option is unknown or out of bounds.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { DataError, parseNpz } from "@yadll/yadll/data";
 *
 * await assertRejects(() => parseNpz(new Uint8Array(30), "weights.npz"), DataError, "Cannot read weights.npz");
 * ```
 */
export async function parseNpz(
  bytes: Uint8Array<ArrayBuffer>,
  name = "NPZ data",
  options: LimitOptions = {},
): Promise<ReadonlyMap<string, Npy>> {
  refuseSurplus("parseNpz", arguments, 3);
  checkArgument("read NPZ", bytes, bytesKind);
  checkArguments("read NPZ", { name }, textKind);
  const { limitBytes } = readOptions("read NPZ", limitOptions, options);
  return await arraysOf(memorySource(bytes, name), limitBytes);
}

async function arraysOf(source: ByteSource, limitBytes: number | undefined): Promise<ReadonlyMap<string, Npy>> {
  const { name } = source;
  const arrays = new Map<string, Npy>();
  try {
    const archive = await readZip(source, limitBytes);
    checkNames(archive);
    for (const entry of archive.entries) {
      arrays.set(arrayName(entry), ownNpy(await contentOf(archive, entry, name), `${entry.label} in ${name}`));
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const size = source.size === undefined ? "one" : `${source.size} bytes`;
    throw new DataError(
      `Cannot read ${name}: expected a whole zip archive, got ${size} that is damaged or cut short (${
        messageOf(cause)
      })`,
      { cause },
    );
  }
  return arrays;
}

function arrayName({ name }: ZipEntry): string {
  return name.replace(/\.npy$/, "");
}

function checkNames({ entries }: ZipArchive): void {
  const names = new Set<string>();
  for (const entry of entries) {
    const name = arrayName(entry);
    if (names.has(name)) throw new RangeError(`there are two entries of the name ${showText(name)}`);
    names.add(name);
  }
}

/** The content of an entry, in memory of its own. */
async function contentOf(archive: ZipArchive, entry: ZipEntry, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = archive.packedContent(entry);
  const content = entry.method === methods.stored ? packed.slice() : await inflated(packed, entry, name);
  if (content.length !== entry.unpacked) {
    throw new RangeError(`${entry.label} has ${content.length} bytes, not ${entry.unpacked}`);
  }
  if (crc32(content) !== entry.crc32) throw new RangeError(`the checksum of ${entry.label} is wrong`);
  return content;
}

/** Unpacks an array, whose own header must promise as much as the directory. */
async function inflated(
  packed: Uint8Array<ArrayBuffer>,
  { label, unpacked }: ZipEntry,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (unpacked > MOST_HEADER_BYTES) {
    const start = (count: number) => firstBytes(packed, "deflate-raw", count);
    const { bytes } = await promiseOf(start, npyFormat, `${label} in ${name}`);
    if (bytes !== unpacked) {
      throw new RangeError(`${label} promises ${bytes} bytes, and the directory ${unpacked}`);
    }
  }
  return await inflate(packed, "deflate-raw", { most: unpacked, name });
}
