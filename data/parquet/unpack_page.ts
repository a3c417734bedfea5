/**
 * Unpacks pages, each to the number of bytes that its header promises.
 *
 * @module
 */

import { allocate } from "../formats/limits.ts";
import { inflate } from "../formats/inflate.ts";
import { loadReader } from "../libraries/reading_libraries.ts";

/** The codecs that are read. */
export type Codec = "UNCOMPRESSED" | "SNAPPY" | "GZIP" | "ZSTD";

/** How a page is unpacked. */
export interface Unpacking {
  readonly codec: Codec;
  /** The bytes that it must have. */
  readonly length: number;
  /** The name of the file, for messages. */
  readonly name: string;
}

const codecs: readonly string[] = ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"] satisfies Codec[];

/** Whether pages of a codec are read. */
export function isKnownCodec(codec: string): codec is Codec {
  return codecs.includes(codec);
}

/**
 * Unpacks a page.
 *
 * @throws {Error} if it is damaged, or has another length.
 * @throws {LibraryError} if the library for its codec cannot be loaded.
 */
export async function unpackPage(packed: Uint8Array<ArrayBuffer>, unpacking: Unpacking): Promise<Uint8Array> {
  const { length } = unpacking;
  const content = await unpacked(packed, unpacking);
  if (content.length !== length) throw new RangeError(`a page has ${content.length} bytes, and promises ${length}`);
  return content;
}

async function unpacked(packed: Uint8Array<ArrayBuffer>, { codec, length, name }: Unpacking): Promise<Uint8Array> {
  if (codec === "UNCOMPRESSED") return packed;
  if (codec === "GZIP") return await inflate(packed, "gzip", { most: length, name });
  const content = allocate(length, name);
  if (codec === "SNAPPY") {
    const { snappyUncompress } = await loadReader("hyparquet", "read a Parquet file");
    snappyUncompress(packed, content);
    return content;
  }
  const { decompress } = await loadReader("fzstd", "read a Parquet file that is packed with zstd");
  return decompress(packed, content);
}
