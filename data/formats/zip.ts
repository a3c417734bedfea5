/**
 * The directory of a zip archive, whose entries are checked before anything is unpacked.
 *
 * @see {@link https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT | the zip format}, sections 4.3.7, 4.3.12, 4.3.16
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import type { ByteSource } from "./byte_source.ts";
import { checkLimit, limitOf, mostArrays, SPARE_BYTES } from "./limits.ts";

const END = { signature: 0x06054b50, bytes: 22 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };

/** The signature of the end record of large archives, which may stand before the usual one. */
const LARGE_END = 0x06064b50;

/** The longest comment behind the end record. */
const MOST_COMMENT_BYTES = 0xffff;

/** The most bytes of a directory. */
const MOST_DIRECTORY_BYTES = 2 ** 24;

/** The most bytes of an entry's own header, beyond its fixed fields and its name. */
const MOST_EXTRA_BYTES = 2 ** 10;

/** The most bytes by which the packing may lengthen an entry. */
const MOST_GROWTH_BYTES = 2 ** 8;

/** The value of a 32-bit field whose number is in a 64-bit field elsewhere. */
const ELSEWHERE = 0xffffffff;

/** Flags of entries: the content is encrypted; sizes and checksum follow the content. */
const [ENCRYPTED, FOLLOWED] = [1, 8];

/** How the content of an entry is packed. */
export const methods = { stored: 0, deflated: 8 } as const;

/** An entry of the archive's directory. */
export interface ZipEntry {
  readonly name: string;
  /** Its name in messages. */
  readonly label: string;
  readonly method: number;
  /** The checksum of the unpacked content. */
  readonly crc32: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Where the entry's own header starts. */
  readonly offset: number;
}

/** An archive in memory. */
export interface ZipArchive {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly entries: readonly ZipEntry[];
  /** The packed content of an entry, which shares the memory of the archive. */
  packedContent(entry: ZipEntry): Uint8Array<ArrayBuffer>;
}

/** The directory, and where it is. */
interface Directory {
  readonly entries: readonly ZipEntry[];
  readonly begin: number;
  readonly bytes: number;
}

/**
 * Reads an archive: its directory first, and the rest only if the directory promises no more than the limit.
 *
 * @throws {DataError} if it promises more.
 * @throws {RangeError} if the archive is damaged, cut short, or inconsistent.
 */
export async function readZip(source: ByteSource, limitBytes: number | undefined): Promise<ZipArchive> {
  const limit = limitOf(limitBytes, source.size);
  const size = await source.lengthUpTo(limit + SPARE_BYTES);
  if (source.size === undefined) checkLimit(size, limit + SPARE_BYTES, source.name);
  const directory = await directoryOf(source, size, mostArrays(limit));
  checkLimit(directory.entries.reduce((sum, { unpacked }) => sum + unpacked, 0), limit, source.name);
  checkSizes(directory, size);
  const bytes = await source.read(0, size);
  const starts = new Map(directory.entries.map((entry) => [entry, startOf(bytes, entry)]));
  checkOverlaps(directory, starts);
  return {
    bytes,
    entries: directory.entries,
    packedContent: (entry) => bytes.subarray(starts.get(entry)!, starts.get(entry)! + entry.packed),
  };
}

async function directoryOf(source: ByteSource, size: number, most: number): Promise<Directory> {
  const tailBegin = Math.max(0, size - END.bytes - MOST_COMMENT_BYTES);
  const tail = viewOf(await source.read(tailBegin, size - tailBegin));
  const at = endOf(tail);
  const count = tail.getUint16(at + 10, true);
  const [bytes, begin] = [12, 16].map((field) => tail.getUint32(at + field, true));
  if (count > most) throw new RangeError(`it has ${count} arrays, more than ${most}; see the option limitBytes`);
  if (count !== tail.getUint16(at + 8, true)) throw new RangeError("it is a part of several");
  if ([bytes, begin].includes(ELSEWHERE)) throw new RangeError("its directory is behind 4 GiB or more");
  if (begin + bytes > tailBegin + at) throw new RangeError("its directory is longer than the archive");
  if (bytes > MOST_DIRECTORY_BYTES) throw new RangeError(`its directory has more than ${MOST_DIRECTORY_BYTES} bytes`);
  const end = tailBegin + at;
  const isWhole = begin + bytes === end || viewOf(await source.read(begin + bytes, 4)).getUint32(0, true) === LARGE_END;
  if (!isWhole) throw new RangeError("its directory ends before the record that follows it");
  return { entries: [...entriesOf(viewOf(await source.read(begin, bytes)), count)], begin, bytes };
}

/** The position of the end record, which only a comment follows. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - END.bytes; at >= 0; at--) {
    const isEnd = view.getUint32(at, true) === END.signature;
    if (isEnd && at + END.bytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new RangeError("the end of the archive's directory is missing");
}

function* entriesOf(view: DataView, count: number): Generator<ZipEntry> {
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== ENTRY.signature) throw new RangeError(`no directory entry at byte ${at}`);
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const name = textAt(view, at + ENTRY.bytes, nameLength);
    const label = showText(name);
    const [crc32, packed, unpacked] = [16, 20, 24].map((field) => view.getUint32(at + field, true));
    const entry = { name, label, method: view.getUint16(at + 10, true), crc32, packed, unpacked };
    const offset = view.getUint32(at + 42, true);
    if ([packed, unpacked, offset].includes(ELSEWHERE)) throw new RangeError(`${label} has 4 GiB or more`);
    if (view.getUint16(at + 8, true) & ENCRYPTED) throw new RangeError(`${label} is encrypted`);
    yield { ...entry, offset };
    at += ENTRY.bytes + nameLength + extra + comment;
  }
  // Otherwise arrays would be left out without a word.
  if (at !== view.byteLength) throw new RangeError(`its directory has more than the ${count} entries that it promises`);
}

/** Throws if sizes contradict each other, so that the archive need not be read. */
function checkSizes({ entries, bytes }: Directory, size: number): void {
  let most = bytes + END.bytes + MOST_COMMENT_BYTES;
  for (const { name, label, method, packed, unpacked } of entries) {
    if (method !== methods.stored && method !== methods.deflated) {
      throw new RangeError(`${label} is packed by the method ${method}, not stored or deflated`);
    }
    if (method === methods.stored && packed !== unpacked) {
      throw new RangeError(`${label} is stored, but has ${packed} bytes for a content of ${unpacked}`);
    }
    if (packed > unpacked * 9 / 8 + MOST_GROWTH_BYTES) {
      throw new RangeError(`${label} has ${packed} packed bytes for a content of ${unpacked}`);
    }
    most += LOCAL.bytes + name.length * 4 + MOST_EXTRA_BYTES + packed;
  }
  if (size > most) throw new RangeError(`${size - most} of them or more belong to no entry`);
}

/** Where the content of an entry starts, whose own header must agree with the directory. */
function startOf(bytes: Uint8Array<ArrayBuffer>, entry: ZipEntry): number {
  const { name, label, offset } = entry;
  const view = viewOf(bytes);
  if (view.getUint32(offset, true) !== LOCAL.signature) throw new RangeError(`no entry at byte ${offset}`);
  const [nameLength, extra] = [26, 28].map((field) => view.getUint16(offset + field, true));
  if (textAt(view, offset + LOCAL.bytes, nameLength) !== name) {
    throw new RangeError(`the entry at byte ${offset} has another name than ${label}`);
  }
  const [crc32, packed, unpacked] = [14, 18, 22].map((field) => view.getUint32(offset + field, true));
  const isFollowed = (view.getUint16(offset + 6, true) & FOLLOWED) !== 0;
  const agrees = isFollowed || crc32 === entry.crc32 && [entry.packed, ELSEWHERE].includes(packed) &&
      [entry.unpacked, ELSEWHERE].includes(unpacked);
  if (!agrees || view.getUint16(offset + 8, true) !== entry.method) {
    throw new RangeError(`the header of ${label} does not agree with the directory`);
  }
  return offset + LOCAL.bytes + nameLength + extra;
}

function checkOverlaps({ entries, begin }: Directory, starts: ReadonlyMap<ZipEntry, number>): void {
  const ordered = entries.toSorted((a, b) => a.offset - b.offset);
  ordered.forEach((entry, i) => {
    const next = ordered.at(i + 1);
    if (starts.get(entry)! + entry.packed <= (next?.offset ?? begin)) return;
    throw new RangeError(`${entry.label} overlaps ${next === undefined ? "the directory" : next.label}`);
  });
}

function textAt(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
