/**
 * Checks the content of a page before a library reads it: runs of equal values must not be longer than the page, so that
 * few bytes cannot fill much memory.
 *
 * @see {@link https://parquet.apache.org/docs/file-format/data-pages/encodings/ | the encodings}
 *
 * @module
 */

import type { PageHeader } from "./page_header.ts";

/** A content that is being read, and the position. */
interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

/** The most values and parts of a block of differences; usual ones have 128 and 4. */
const MOST_BLOCK = 2 ** 16;
const MOST_PARTS = 2 ** 10;

/** A whole number of up to 5 bytes of 7 bits. */
function variable(cursor: Cursor): number {
  let number = 0;
  for (let i = 0; i < 5; i++) {
    const byte = byteAt(cursor);
    number += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return number;
  }
  throw new RangeError("it has a number of too many bytes");
}

function byteAt(cursor: Cursor): number {
  if (cursor.position >= cursor.bytes.length) throw new RangeError("a page is cut short");
  return cursor.bytes[cursor.position++];
}

/** What a list of runs has. */
interface Runs {
  /** Bits of a value. */
  readonly width: number;
  /** How many values there are. */
  readonly count: number;
}

/**
 * Walks through a list of runs and of packed values, and checks that it has not more values than it should.
 *
 * @returns how many of the values are 1, if they have one bit.
 */
function checkRuns(cursor: Cursor, { width, count }: Runs): number {
  let [seen, ones] = [0, 0];
  while (seen < count) {
    const header = variable(cursor);
    const isPacked = header % 2 === 1;
    const length = Math.floor(header / 2) * (isPacked ? 8 : 1);
    const most = isPacked ? Math.ceil((count - seen) / 8) * 8 : count - seen;
    if (length > most) throw new RangeError(`a page has a run of ${length} values where ${count - seen} are left`);
    if (isPacked) {
      if (width === 1) ones += onesIn(cursor, Math.min(length, count - seen));
      cursor.position += length / 8 * width;
    } else if (width === 1) {
      if (byteAt(cursor) === 1) ones += length;
    } else {
      cursor.position += Math.ceil(width / 8);
    }
    seen += length;
  }
  return ones;
}

/** How many of the next bits are 1. */
function onesIn({ bytes, position }: Cursor, bits: number): number {
  if (position + Math.ceil(bits / 8) > bytes.length) throw new RangeError("a page is cut short");
  let ones = 0;
  for (let i = 0; i < bits; i++) ones += bytes[position + (i >> 3)] >> (i & 7) & 1;
  return ones;
}

/** A page that is checked. */
export interface CheckedPage {
  readonly header: PageHeader;
  /** Its content: of the first kind with the list of missing values, of the second kind without it. */
  readonly content: Uint8Array;
  /** The list of missing values of a page of the second kind. */
  readonly levels: Uint8Array;
  /** Whether values may be missing. */
  readonly isOptional: boolean;
  /** Whether the values are true and false. */
  readonly isBoolean: boolean;
}

/**
 * Checks a page.
 *
 * @returns how many of its values are missing.
 * @throws {RangeError} if it does not have the values that its header promises.
 */
export function checkPage(page: CheckedPage): number {
  const { header: { kind, count, missing: promised }, content } = page;
  const cursor: Cursor = { bytes: content, position: 0 };
  if (kind === "dictionary") {
    if (count > content.length) throw new RangeError(`a page of ${content.length} bytes has ${count} entries`);
    return 0;
  }
  const missing = kind === "values" ? missingIn(cursor, page) : missingInLevels(page);
  if (kind === "values 2" && missing !== promised) {
    throw new RangeError(`a page has ${missing} missing values, and promises ${promised}`);
  }
  checkValues(cursor, page, count - missing);
  return missing;
}

/** The missing values of a page of the first kind, whose list is behind its length. */
function missingIn(cursor: Cursor, { header: { count }, content, isOptional }: CheckedPage): number {
  if (!isOptional) return 0;
  const end = lengthAt(cursor);
  if (end > content.length) throw new RangeError("a page is cut short");
  const present = checkRuns(cursor, { width: 1, count });
  cursor.position = end;
  return count - present;
}

function missingInLevels({ header: { count }, levels, isOptional }: CheckedPage): number {
  if (!isOptional) {
    if (levels.length === 0) return 0;
    throw new RangeError("a page has missing values that it cannot have");
  }
  return count - checkRuns({ bytes: levels, position: 0 }, { width: 1, count });
}

/** Reads a length of 32 bits, and returns where what has that length ends. */
function lengthAt(cursor: Cursor): number {
  const { bytes, position } = cursor;
  if (position + 4 > bytes.length) throw new RangeError("a page is cut short");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(position, true);
  cursor.position += 4;
  return cursor.position + length;
}

/** Checks the values that are there. */
function checkValues(cursor: Cursor, { header: { encoding }, content, isBoolean }: CheckedPage, count: number): void {
  if (encoding === "dictionary") {
    if (cursor.position >= content.length && count === 0) return;
    const width = byteAt(cursor);
    if (width > 32) throw new RangeError(`a page has positions of ${width} bits`);
    checkRuns(cursor, { width, count: width === 0 ? 0 : count });
    if (width === 0) checkEmptyRuns(cursor, count);
  } else if (encoding === "runs") {
    if (!isBoolean) throw new RangeError("a page has runs of other values than true and false");
    if (count > 0) lengthAt(cursor);
    checkRuns(cursor, { width: 1, count });
  } else if ((encoding === "differences" || encoding === "lengths") && count > 0) {
    const [block, parts] = [variable(cursor), variable(cursor)];
    if (block > MOST_BLOCK || parts > MOST_PARTS) throw new RangeError(`a page has blocks of ${block} values`);
  }
}

/** Values without bits may have no runs at all. */
function checkEmptyRuns(cursor: Cursor, count: number): void {
  if (cursor.position < cursor.bytes.length) checkRuns(cursor, { width: 0, count });
}
