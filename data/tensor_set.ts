/**
 * Sets of examples as tensors.
 *
 * @module
 */

import { finite } from "../core/options/numbers.ts";
import { checkArguments } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { arePackable, GreyLevels, packedShape } from "./grey_levels.ts";
import { arrayRows, mapSet, partsOf, rowBytes, type RowPair, type Rows } from "./rows.ts";
import { isSource, sourceRows, type SourceSet } from "./sample_source.ts";
import type { AnySamples } from "./samples.ts";
import type { Scaling } from "./scaling.ts";

/** Examples as tensors. They are sent to the device on first use, and stay there. */
export interface TensorPair {
  /**
   * The inputs, f32 [example, ...feature], or i32 if they are whole numbers, such as tokens. In the parts of a set of
   * images they are u32 [example, …, feature / 4]: four gray levels along the last axis per word, the first one in the
   * lowest byte, in a quarter of the memory.
   */
  readonly x: Tensor;
  /** The classes, i32 [example], or the targets, f32 or i32 [example, ...target]. */
  readonly y: Tensor;
  /** How much each example counts, f32 [example], or each of its time steps, [example, time]; default: all alike. */
  readonly weights?: Tensor | undefined;
}

/** A set of examples. */
export interface TensorSet extends TensorPair {
  /** The number of examples. */
  readonly length: number;
  /** The bytes of one example on a device. */
  readonly exampleBytes: number;
  /** The examples row by row, in the form of `parts`, for callers that send only some of them to a device at a time. */
  readonly rows: RowPair;
  /**
   * The examples in order, in as few parts as possible without a tensor of more than `mostBytes` bytes. The parts share
   * the memory of the host with the set, and are the same in every call.
   */
  parts(mostBytes: number): readonly TensorPair[];
}

/** A set whose tensors are made on first use, with inputs that may be scaled. */
export function tensorSet(set: SourceSet, scaling?: Scaling): TensorSet {
  const { x, y } = set;
  const rows = once(() => ({ x: inputRows(x, scaling), y: targetRows(y), ...weightRows(set) }));
  // Gray levels become floats only if all inputs are requested.
  return new RowSet(x.shape[0], rows, scaling ? undefined : floatsOf(x));
}

function inputRows(x: SourceSet["x"], scaling: Scaling | undefined): Rows {
  if (isSource(x)) return sourceRows(x, scaling);
  if (scaling || !(x instanceof GreyLevels) || !arePackable(x.shape)) return sampleRows(x, scaling);
  return arrayRows("u32", x.words(), packedShape(x.shape));
}

/** All inputs as floats, if their rows hold gray levels. */
function floatsOf(x: SourceSet["x"]): (() => Tensor) | undefined {
  const { shape } = x;
  if (isSource(x)) {
    if (!x.readLevels) return undefined;
    return once(() => sourceRows({ shape, read: (...asked) => x.read(...asked) }).tensor(0, shape[0]));
  }
  return x instanceof GreyLevels ? once(() => sampleRows(x).tensor(0, shape[0])) : undefined;
}

const bytesOfPart = finite({ least: 0, infinite: true });

/** A function that makes its result only once. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}

class RowSet implements TensorSet {
  readonly #made = new Map<number, readonly TensorPair[]>();

  /** @param floats all inputs, if their rows are not floats */
  constructor(readonly length: number, readonly makeRows: () => RowPair, readonly floats?: () => Tensor) {}

  get rows(): RowPair {
    return this.makeRows();
  }

  get exampleBytes(): number {
    return partsOf<Rows>(this.rows).reduce((sum, part) => sum + rowBytes(part), 0);
  }

  get x(): Tensor {
    return this.floats ? this.floats() : this.#inRows(this.length)[0].x;
  }

  get y(): Tensor {
    return this.#inRows(this.length)[0].y;
  }

  get weights(): Tensor | undefined {
    return this.#inRows(this.length)[0].weights;
  }

  parts(mostBytes: number): readonly TensorPair[] {
    checkArguments("take parts of a set", { mostBytes }, bytesOfPart);
    const most = Math.floor(mostBytes / Math.max(...partsOf<Rows>(this.rows).map(rowBytes)));
    return this.#inRows(Math.max(1, Math.min(this.length, most)));
  }

  /** Parts of this many rows; the last one may have fewer. */
  #inRows(count: number): readonly TensorPair[] {
    const known = this.#made.get(count);
    if (known) return known;
    const { rows, length } = this;
    const made = Array.from({ length: Math.ceil(length / count) }, (_, i): TensorPair => {
      const [begin, end] = [i * count, Math.min(length, (i + 1) * count)];
      return mapSet<Rows, Tensor>(rows, (part) => part.tensor(begin, end));
    });
    this.#made.set(count, made);
    return made;
  }
}

function sampleRows(x: AnySamples, scaling?: Scaling): Rows {
  const { values } = scaling ? scaling.apply(x) : x;
  return arrayRows(values instanceof Int32Array ? "i32" : "f32", values, x.shape);
}

/** The rows of the weights of a set, if it has any. */
function weightRows({ weights }: SourceSet): { readonly weights?: Rows } {
  if (weights === undefined) return {};
  return { weights: isSource(weights) ? sourceRows(weights) : sampleRows(weights) };
}

function targetRows(y: SourceSet["y"]): Rows {
  if (y instanceof Int32Array) return arrayRows("i32", y, [y.length]);
  return isSource(y) ? sourceRows(y) : sampleRows(y);
}
