/**
 * Zip archives for tests, which may contradict themselves.
 *
 * @module
 */

import { crc32 } from "../checksums.ts";
import { deflateRawSync } from "node:zlib";

/** An entry, and the lies about it. */
export interface TestEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Whether it is deflated; default: stored. */
  readonly deflated?: boolean;
  /** What the directory says instead of the truth. */
  readonly directory?: Partial<Facts>;
  /** What the entry's own header says instead of the truth. */
  readonly local?: Partial<Facts>;
}

interface Facts {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

function numbers(...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    fields.flatMap(([bytes, value]) => [0, 8, 16, 24].slice(0, bytes).map((bit) => value >>> bit)),
  );
}

function headerOf(signature: number, { name, flags, method, crc, packed, unpacked, offset }: Facts): Uint8Array[] {
  const isLocal = signature === 0x04034b50;
  const text = new TextEncoder().encode(name);
  const common = numbers([2, 20], [2, flags], [2, method], [4, 0], [4, crc], [4, packed], [4, unpacked]);
  const start = numbers([4, signature], ...isLocal ? [] : [[2, 20] as const]);
  const end = isLocal
    ? numbers([2, text.length], [2, 0])
    : numbers([2, text.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
  return [start, common, end, text];
}

/** An archive. */
export function zipOf(entries: readonly TestEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (list: Uint8Array[], ...added: Uint8Array[]): void => {
    for (const part of added) list.push(part);
    if (list === parts) at += added.reduce((sum, { length }) => sum + length, 0);
  };
  for (const { name, content, deflated, directory: said = {}, local = {} } of entries) {
    const packed = deflated ? deflateRawSync(content) : content;
    const [method, crc] = [deflated ? 8 : 0, crc32(content)];
    const facts = { name, flags: 0, method, crc, packed: packed.length, unpacked: content.length, offset: at };
    add(directory, ...headerOf(0x02014b50, { ...facts, ...said }));
    add(parts, ...headerOf(0x04034b50, { ...facts, ...local }), packed);
  }
  const begin = at;
  // There may be too many for the stack.
  for (const part of directory) add(parts, part);
  add(
    parts,
    numbers([4, 0x06054b50], [4, 0], [2, entries.length], [2, entries.length], [4, at - begin], [4, begin], [2, 0]),
  );
  const bytes = new Uint8Array(at);
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
