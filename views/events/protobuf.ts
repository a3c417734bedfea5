/**
 * The messages of protocol buffers that event files need.
 *
 * Source: https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

import { joinBytes } from "./bytes.ts";

/** The kinds of fields, which the first byte of a field holds together with its number. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

const encoder = new TextEncoder();

/** Encodes a whole number of at least 0 in groups of seven bits, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 + 128);
  return Uint8Array.of(...bytes, rest);
}

function tag(field: number, kind: number): Uint8Array {
  return varint(field * 8 + kind);
}

/** Makes a field of a whole number of at least 0. */
export function wholeField(field: number, value: number): Uint8Array {
  return joinBytes([tag(field, VARINT), varint(value)]);
}

/** Makes a field of a double-precision number. */
export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joinBytes([tag(field, EIGHT_BYTES), bytes]);
}

/** Makes a field of a single-precision number. */
export function singleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([tag(field, FOUR_BYTES), bytes]);
}

/** Makes a field of a string. */
export function textField(field: number, value: string): Uint8Array {
  return bytesField(field, encoder.encode(value));
}

/** Makes a field that is a message of these fields. */
export function messageField(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, joinBytes(parts));
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return joinBytes([tag(field, LENGTH), varint(bytes.length), bytes]);
}
