/**
 * NPY files that are read row by row, on demand.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { type HostFile, seekFrom } from "../../core/host_files.ts";
import type { Declaration } from "../../core/options/option.ts";
import { pathKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { flag } from "../../core/options/values.ts";
import type { Shape } from "../../core/shape.ts";
import { DataError, messageOf } from "../errors.ts";
import { ownNpy } from "./npy.ts";
import { allocate, DEFAULT_LIMIT } from "./limits.ts";
import { describeShape, isNative, lengthOf, npyFormat, type NpyHeader, readHeader } from "./npy_format.ts";
import { failureOf, fromFile } from "./read_errors.ts";
import type { SampleSource, SourceSet } from "../sample_source.ts";
import { featuresOf } from "../samples.ts";

/** How an NPY file is opened. */
export interface NpySourceOptions {
  /** Whether its bytes are gray levels, with 0 … 255 for 0 … 1; default: false. They stay bytes on the device. */
  readonly greyLevels?: boolean;
}

/** {@linkcode NpySourceOptions}, declared. */
export const npySourceOptions = {
  greyLevels: flag({ default: false, help: "whether its bytes are gray levels" }),
} satisfies Declaration<NpySourceOptions>;

/** An open NPY file; close it with `using` or `close`. */
export interface NpySource extends SampleSource, Disposable {
  /** The name of the file in messages. */
  readonly name: string;
  /** Closes the file, which cannot be read afterwards. */
  close(): void;
}

/** A set of examples in open NPY files. */
export interface NpySet extends SourceSet, Disposable {
  /** The inputs. */
  readonly x: NpySource;
  /** The classes, or the targets. */
  readonly y: Int32Array | NpySource;
}

/**
 * Opens an NPY file whose rows, along its first axis, are read on demand, for data larger than memory. Numbers of all
 * types become f32.
 *
 * @throws {DataError} if it is not an NPY file of numbers, has not as many bytes as its header says, or is stored
 * column by column; with `greyLevels`, also if its elements are not bytes.
 * @throws {Deno.errors.NotFound} if there is no such file.
 * @throws {Deno.errors.IsADirectory} if it is a folder.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { openNpy } from "@yadll/yadll/data";
 *
 * assertThrows(() => openNpy("nowhere.npy"), Deno.errors.NotFound);
 * ```
 */
export function openNpy(path: string | URL, options?: NpySourceOptions): NpySource {
  refuseSurplus("openNpy", arguments, 2);
  checkArguments("read a file", { path }, pathKind);
  const { greyLevels } = readOptions(`read ${path}`, npySourceOptions, options);
  const file = fromFile(path, (files, name) => files.openSync(name));
  try {
    const opened = new NpyFile(file, String(path));
    return greyLevels ? opened.asGreyLevels() : opened;
  } catch (cause) {
    file.close();
    throw failureOf(path, cause);
  }
}

/**
 * Opens two NPY files as the inputs and the targets of a set of examples. Whole numbers along one axis are classes,
 * which are read at once; everything else is read on demand.
 *
 * @throws like {@linkcode openNpy}.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { openNpySet } from "@yadll/yadll/data";
 *
 * assertThrows(() => openNpySet("images.npy", "classes.npy", { greyLevels: true }), Deno.errors.NotFound);
 * ```
 */
export function openNpySet(x: string | URL, y: string | URL, options: NpySourceOptions = {}): NpySet {
  refuseSurplus("openNpySet", arguments, 3);
  const inputs = openNpy(x, options);
  try {
    const targets = targetsOf(y);
    return {
      x: inputs,
      y: targets,
      [Symbol.dispose]: () => {
        inputs.close();
        if (!(targets instanceof Int32Array)) targets.close();
      },
    };
  } catch (error) {
    inputs.close();
    throw error;
  }
}

function targetsOf(path: string | URL): Int32Array | NpySource {
  const source = openNpy(path);
  if (source.shape.length > 1 || !(source instanceof NpyFile) || source.header.type.startsWith("f")) return source;
  try {
    const { values } = ownNpy(source.whole(), source.name);
    const tooLarge = values.find((value: number) => value > LARGEST_CLASS);
    if (tooLarge === undefined) return Int32Array.from(values);
    throw new DataError(`Cannot read classes from ${path}: expected numbers up to ${LARGEST_CLASS}, got ${tooLarge}`);
  } finally {
    source.close();
  }
}

/** Classes are 32-bit numbers with a sign. */
const LARGEST_CLASS = 2 ** 31 - 1;

/** Rows with at most this many bytes between them are read together, which takes less time than reading twice. */
const MOST_GAP_BYTES = 2 ** 15;

/** Bytes that are read at a time, unless a row has more. */
const READ_BYTES = 2 ** 20;

class NpyFile implements NpySource {
  readonly header: NpyHeader;
  readonly shape: Shape;
  readonly #rowBytes: number;
  readonly #scratch: Uint8Array<ArrayBuffer>;

  constructor(readonly file: HostFile, readonly name: string) {
    this.header = this.#readHeader();
    this.shape = this.header.shape;
    this.#rowBytes = featuresOf(this.shape) * this.header.element.bytes;
    if (this.#rowBytes > DEFAULT_LIMIT) {
      throw new DataError(
        `Cannot read ${name} row by row: expected rows of at most ${DEFAULT_LIMIT} bytes, got rows of ${this.#rowBytes}`,
      );
    }
    this.#scratch = allocate(Math.max(READ_BYTES, this.#rowBytes), name);
  }

  close(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }

  read(numbers: Int32Array, target: Float32Array): void {
    const width = featuresOf(this.shape);
    const { header: { element, littleEndian } } = this;
    const scratch = this.#scratch.buffer;
    if (isNative(this.header)) {
      this.#visit(numbers, (place, at) => target.set(new element.array(scratch, at, width), place * width));
      return;
    }
    const view = new DataView(scratch);
    this.#visit(numbers, (place, at) => {
      for (let i = 0; i < width; i++) {
        target[place * width + i] = element.get(view, at + i * element.bytes, littleEndian);
      }
    });
  }

  /** The bytes of the file. */
  whole(): Uint8Array<ArrayBuffer> {
    return this.#bytes(0, lengthOf(this.header));
  }

  /** The same file as gray levels. */
  asGreyLevels(): NpySource {
    const { type, shape: [count] } = this.header;
    if (type !== "u1") {
      throw new DataError(`Cannot read ${this.name} as gray levels: expected elements of type u1, got ${type}`);
    }
    const pixels = featuresOf(this.shape);
    return {
      name: this.name,
      shape: [count, pixels],
      read: (numbers, target) => {
        this.read(numbers, target);
        for (let i = 0; i < numbers.length * pixels; i++) target[i] /= 255;
      },
      readLevels: (numbers, target) => {
        this.#visit(numbers, (place, at) => target.set(this.#scratch.subarray(at, at + pixels), place * pixels));
      },
      close: () => this.close(),
      [Symbol.dispose]: () => this.close(),
    };
  }

  #readHeader(): NpyHeader {
    const { file, name } = this;
    const { size } = file.statSync();
    const start = (count: number) => new DataView(this.#bytes(0, Math.min(size, count)).buffer);
    const prefix = start(npyFormat.headerBytes(new DataView(new ArrayBuffer(0))));
    const header = readHeader(start(npyFormat.headerBytes(prefix)), name);
    const { shape, columnsFirst } = header;
    const expected = lengthOf(header);
    if (size !== expected) {
      throw new DataError(
        `Cannot read ${name}: expected ${expected} bytes for ${describeShape(header)}, got ${size}`,
      );
    }
    if (columnsFirst && shape.length > 1) {
      throw new DataError(
        `Cannot read ${name} row by row: expected rows one after the other (fortran_order False), got columns; ` +
          "save it with numpy.ascontiguousarray, or read all of it with readNpy",
      );
    }
    if (shape.length === 0) {
      throw new DataError(`Cannot read ${name} row by row: expected an array, got a single number`);
    }
    return header;
  }

  #bytes(position: number, count: number): Uint8Array<ArrayBuffer> {
    const bytes = allocate(count, this.name);
    this.#fill(bytes, position);
    return bytes;
  }

  /**
   * Passes the position of each row in the scratch memory, in the order of the file; neighboring rows are read
   * together.
   */
  #visit(numbers: Int32Array, visit: (place: number, at: number) => void): void {
    this.#checkNumbers(numbers);
    const bytes = this.#rowBytes;
    const order = placesInOrder(numbers);
    const numberAt = (i: number): number => numbers[order[i]];
    const most = Math.floor(this.#scratch.length / Math.max(1, bytes));
    const furthest = 1 + MOST_GAP_BYTES / Math.max(1, bytes);
    try {
      for (let first = 0, last = 0; first < order.length; first = ++last) {
        const begin = numberAt(first);
        while (
          last + 1 < order.length && numberAt(last + 1) - begin < most &&
          numberAt(last + 1) - numberAt(last) <= furthest
        ) last++;
        const rows = numberAt(last) + 1 - begin;
        this.#fill(this.#scratch.subarray(0, rows * bytes), this.header.end + begin * bytes);
        for (let i = first; i <= last; i++) visit(order[i], (numberAt(i) - begin) * bytes);
      }
    } catch (cause) {
      if (cause instanceof DataError) throw cause;
      throw new DataError(`Cannot read ${this.name}: ${messageOf(cause)}`, { cause });
    }
  }

  #checkNumbers(numbers: Int32Array): void {
    const [count] = this.shape;
    const odd = numbers.find((number) => number < 0 || number >= count);
    if (odd === undefined) return;
    throw new RangeError(`Cannot read row ${odd} of ${this.name}: expected one from 0 to ${count - 1}`);
  }

  #fill(target: Uint8Array, position: number): void {
    this.file.seekSync(position, seekFrom.start);
    for (let done = 0; done < target.length;) {
      const read = this.file.readSync(target.subarray(done));
      if (read === null) {
        throw new DataError(
          `Cannot read ${this.name}: expected ${target.length} bytes at ${position}, got ${done}; it was cut short`,
        );
      }
      done += read;
    }
  }
}

/** The positions of numbers in ascending order. */
function placesInOrder(numbers: Int32Array): Float64Array {
  // Sorting numbers without a comparison function is much faster; a double has enough bits for number and position.
  const count = numbers.length;
  const keys = Float64Array.from(numbers, (number, place) => number * count + place).sort();
  return keys.map((key) => key % count);
}
