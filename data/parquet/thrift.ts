/**
 * Reads Thrift's compact protocol, in which Parquet files describe themselves, within bounds: no list has more elements
 * than there are bytes, structures are nested a few levels deep, and numbers have their usual lengths.
 *
 * The library that reads Parquet files reads the same bytes again. It has no bounds of its own, so what this reader
 * refuses never reaches it.
 *
 * @see {@link https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md | the protocol}
 *
 * @module
 */

/** A value; structures have their fields by number. */
export type ThriftValue = boolean | number | bigint | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/** The fields of a structure by their numbers. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const WORD_16 = 4;
const WORD_32 = 5;
const WORD_64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Structures of Parquet are nested less deeply. */
const MOST_LEVELS = 16;

/** Bytes of the longest numbers of 32 and of 64 bits. */
const MOST_SHORT = 5;
const MOST_LONG = 10;

/** Reads values one after the other. */
export class ThriftReader {
  readonly #view: DataView;

  /** @param position where the first value begins */
  constructor(readonly bytes: Uint8Array, public position = 0) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * The next structure.
   *
   * @throws {RangeError} if it is damaged, cut short or out of bounds.
   */
  struct(level = 0): ThriftStruct {
    if (level > MOST_LEVELS) throw new RangeError("its structures are nested too deeply");
    const fields = new Map<number, ThriftValue>();
    for (let number = 0;;) {
      const byte = this.#byte();
      const type = byte & 15;
      if (type === STOP) return fields;
      number = byte >> 4 === 0 ? this.#zigzag() : number + (byte >> 4);
      fields.set(number, this.#value(type, level));
    }
  }

  #value(type: number, level: number): ThriftValue {
    if (type === TRUE || type === FALSE) return type === TRUE;
    if (type === BYTE) return this.#byte() << 24 >> 24;
    if (type === WORD_16 || type === WORD_32) return this.#zigzag();
    if (type === WORD_64) return this.#long();
    if (type === DOUBLE) return this.#double();
    if (type === BINARY) return this.#binary();
    if (type === LIST) return this.#list(level);
    if (type === STRUCT) return this.struct(level + 1);
    throw new RangeError(`it has a value of the unknown type ${type}`);
  }

  #byte(): number {
    if (this.position >= this.bytes.length) throw new RangeError("it is cut short");
    return this.bytes[this.position++];
  }

  /** A number of 32 bits without a sign, which may look negative. */
  #short(): number {
    let number = 0;
    for (let i = 0; i < MOST_SHORT; i++) {
      const byte = this.#byte();
      number |= (byte & 127) << 7 * i;
      if (byte < 128) return number;
    }
    throw new RangeError("it has a number of too many bytes");
  }

  #zigzag(): number {
    const number = this.#short();
    return number >>> 1 ^ -(number & 1);
  }

  #long(): bigint {
    let number = 0n;
    for (let i = 0n; i < MOST_LONG; i++) {
      const byte = this.#byte();
      number |= BigInt(byte & 127) << 7n * i;
      if (byte < 128) return number >> 1n ^ -(number & 1n);
    }
    throw new RangeError("it has a number of too many bytes");
  }

  #double(): number {
    const at = this.position;
    this.position += 8;
    if (this.position > this.bytes.length) throw new RangeError("it is cut short");
    return this.#view.getFloat64(at, true);
  }

  #length(): number {
    const length = this.#short();
    if (length >= 0 && length <= this.bytes.length - this.position) return length;
    throw new RangeError(`it has ${length >>> 0} elements in ${this.bytes.length - this.position} bytes`);
  }

  #binary(): Uint8Array {
    const length = this.#length();
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  #list(level: number): ThriftValue[] {
    const byte = this.#byte();
    const count = byte >> 4 === 15 ? this.#length() : byte >> 4;
    const type = byte & 15;
    const isFlag = type === TRUE || type === FALSE;
    return Array.from({ length: count }, () => isFlag ? this.#byte() === 1 : this.#value(type, level + 1));
  }
}
