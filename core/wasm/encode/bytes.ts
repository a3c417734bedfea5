/**
 * A growing array of bytes, with the numbers of WebAssembly's binary format.
 *
 * @module
 */

/** Engines allocate arrays of at most this many bytes on their own heap, which is cheap. */
const FIRST_CAPACITY = 64;

/** The most bytes of an instruction and a number of up to 53 bits. */
const LONGEST = 9;

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

/** Bytes being written. Every method that writes appends to them and returns the object itself. */
export class Bytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** An empty array that grows once more than `capacity` bytes are written. */
  constructor(capacity = FIRST_CAPACITY) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): this {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  /** `value` as an unsigned LEB128 number. */
  unsigned(value: number): this {
    while (value > 0x7f) {
      this.byte(value % 128 | 0x80);
      value = Math.floor(value / 128);
    }
    return this.byte(value);
  }

  /** As `byte` and `unsigned`, but faster: for instructions, of which a program has ten thousands. */
  byteAndUnsigned(byte: number, value: number): this {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow(LONGEST);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = byte;
    while (value > 0x7f) {
      bytes[at++] = value % 128 | 0x80;
      value = Math.floor(value / 128);
    }
    bytes[at++] = value;
    this.#length = at;
    return this;
  }

  /** `value`, a whole number of 32 bits, as a signed LEB128 number. */
  signed(value: number): this {
    while (value < -0x40 || value > 0x3f) {
      this.byte(value & 0x7f | 0x80);
      value >>= 7;
    }
    return this.byte(value & 0x7f);
  }

  /** `value` as a signed LEB128 number. */
  signedLong(value: bigint): this {
    while (value < -0x40n || value > 0x3fn) {
      this.byte(Number(value & 0x7fn) | 0x80);
      value >>= 7n;
    }
    return this.byte(Number(value & 0x7fn));
  }

  single(value: number): this {
    scratch.setFloat32(0, value, true);
    return this.append(scratchBytes, 0, 4);
  }

  double(value: number): this {
    scratch.setFloat64(0, value, true);
    return this.append(scratchBytes, 0, 8);
  }

  /** The bytes of `others` from `begin` to `end` (exclusive). */
  append(others: Bytes | Uint8Array, begin = 0, end = others.length): this {
    const count = end - begin;
    if (this.#length + count > this.#bytes.length) this.#grow(count);
    const from = others instanceof Bytes ? others.#bytes : others;
    if (count > FIRST_CAPACITY) this.#bytes.set(from.subarray(begin, end), this.#length);
    else for (let i = 0; i < count; i++) this.#bytes[this.#length + i] = from[begin + i];
    this.#length += count;
    return this;
  }

  /** Other bytes, preceded by their length. */
  sized(others: Bytes | Uint8Array): this {
    return this.unsigned(others.length).append(others);
  }

  /** A copy of the bytes written so far. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(count: number): void {
    const grown = new Uint8Array(Math.max(4 * this.#bytes.length, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** The text whose characters are these bytes, so texts are equal if the bytes are. */
export function bytesKey(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}

const latin1 = new TextDecoder("latin1");
