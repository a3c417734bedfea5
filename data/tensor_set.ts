/**
 * Sets of examples as tensors.
 *
 * @module
 */

import { finite } from "../core/options/numbers.ts";
import { checkArguments } from "../core/options/read.ts";
import { Tensor } from "../core/tensor.ts";
import { arePackable, GreyLevels, packedShape } from "./grey_levels.ts";
import { mapParts, type OneOrNamed, partsIn } from "./named.ts";
import {
  areRows,
  arrayRows,
  firstRows,
  mapRows,
  type NamedRows,
  rowBytes,
  type RowPair,
  type Rows,
  rowsIn,
} from "./rows.ts";
import { areTargets, isSampled, isSource, type NamedSourceSet, sourceRows, type SourceSet } from "./sample_source.ts";
import type { AnySamples } from "./samples.ts";
import { type InputScaling, type Scaling, scalingFor } from "./scaling.ts";

/** Examples as tensors, which may have several inputs and targets by the names of these. */
export interface NamedTensors {
  /** The inputs, as those of {@linkcode TensorPair}. */
  readonly x: OneOrNamed<Tensor>;
  /** The targets, as those of {@linkcode TensorPair}. */
  readonly y: OneOrNamed<Tensor>;
  /** How much each example counts, f32 [example], or each of its time steps, [example, time]; default: all alike. */
  readonly weights?: Tensor | undefined;
}

/** Examples as tensors. They are sent to the device on first use, and stay there. */
export interface TensorPair extends NamedTensors {
  /**
   * The inputs, f32 [example, ...feature], or i32 if they are whole numbers, such as tokens. In the parts of a set of
   * images they are u32 [example, …, feature / 4]: four gray levels along the last axis per word, the first one in the
   * lowest byte, in a quarter of the memory.
   */
  readonly x: Tensor;
  /** The classes, i32 [example], or the targets, f32 or i32 [example, ...target]. */
  readonly y: Tensor;
}

/** A set of examples, which may have several inputs and targets by the names of these. */
export interface NamedTensorSet extends NamedTensors {
  /** The number of examples. */
  readonly length: number;
  /** The bytes of one example on a device. */
  readonly exampleBytes: number;
  /** The examples row by row, in the form of `parts`, for callers that send only some of them to a device at a time. */
  readonly rows: NamedRows;
  /**
   * The examples in order, in as few parts as possible without a tensor of more than `mostBytes` bytes. The parts share
   * the memory of the host with the set, and are the same in every call.
   */
  parts(mostBytes: number): readonly NamedTensors[];
}

/** A set of examples. */
export interface TensorSet extends NamedTensorSet, TensorPair {
  /** The inputs, f32 or i32 [example, ...feature]. */
  readonly x: Tensor;
  /** The classes, i32 [example], or the targets, f32 or i32 [example, ...target]. */
  readonly y: Tensor;
  /** The examples row by row, in the form of `parts`, for callers that send only some of them to a device at a time. */
  readonly rows: RowPair;
  /**
   * The examples in order, in as few parts as possible without a tensor of more than `mostBytes` bytes. The parts share
   * the memory of the host with the set, and are the same in every call.
   */
  parts(mostBytes: number): readonly TensorPair[];
}

/** The targets of a set, or those of one of several outputs. */
export interface TargetSet {
  /** The number of examples. */
  readonly length: number;
  /** The targets and the weights row by row. */
  readonly rows: Pick<RowPair, "y" | "weights">;
}

/** A set whose tensors are made on first use, with inputs that may be scaled. */
export function tensorSet(set: SourceSet, scaling?: Scaling): TensorSet;
/** The same for a set that may have several inputs and targets by name. */
export function tensorSet(set: NamedSourceSet, scaling?: Scaling | InputScaling): NamedTensorSet;
export function tensorSet(set: NamedSourceSet, scaling?: Scaling | InputScaling): NamedTensorSet {
  const { x, y } = set;
  const rows = once(() => ({
    x: mapParts(x, isSampled, (part, name) => inputRows(part, scalingFor(scaling, name))),
    y: mapParts(y, areTargets, targetRows),
    ...weightRows(set),
  }));
  // Gray levels become floats only if all inputs are requested.
  const floats = mapParts(x, isSampled, (part, name) => scalingFor(scaling, name) ? undefined : floatsOf(part));
  const [{ value: { shape } }] = partsIn(x, isSampled);
  return new RowSet(shape[0], rows, floats);
}

/** The first examples of a set; the set itself if it has no more. Nothing is copied. */
export function firstExamples(set: NamedTensorSet, count: number): NamedTensorSet {
  if (count >= set.length) return set;
  const firstOf = (x: Tensor): Tensor => x.slice(x.shape.map(() => 0), [count, ...x.shape.slice(1)]);
  const floats = mapParts(set.rows.x, areRows, ({ dtype }, name): Floats => {
    // Rows of gray levels are no floats.
    return dtype === "u32" ? once(() => firstOf(set.x instanceof Tensor ? set.x : set.x[name ?? ""])) : undefined;
  });
  return new RowSet(count, once(() => mapRows(set.rows, (rows) => firstRows(rows, count))), floats);
}

/** Makes all numbers of an input as floats; `undefined` if its rows are floats. */
type Floats = (() => Tensor) | undefined;

function isOneInput(given: OneOrNamed<Floats>): given is Floats {
  return given === undefined || typeof given === "function";
}

function inputRows(x: SourceSet["x"], scaling: Scaling | undefined): Rows {
  if (isSource(x)) return sourceRows(x, scaling);
  if (scaling || !(x instanceof GreyLevels) || !arePackable(x.shape)) return sampleRows(x, scaling);
  return arrayRows("u32", x.words(), packedShape(x.shape));
}

/** All inputs as floats, if their rows hold gray levels. */
function floatsOf(x: SourceSet["x"]): Floats {
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

class RowSet implements NamedTensorSet {
  readonly #made = new Map<number, readonly NamedTensors[]>();

  /** @param floats how all of each input is made, if its rows are not floats */
  constructor(readonly length: number, readonly makeRows: () => NamedRows, readonly floats: OneOrNamed<Floats>) {}

  get rows(): NamedRows {
    return this.makeRows();
  }

  get exampleBytes(): number {
    return rowsIn(this.rows).reduce((sum, part) => sum + rowBytes(part), 0);
  }

  get x(): OneOrNamed<Tensor> {
    return mapParts(this.floats, isOneInput, (floats, name) => floats ? floats() : this.#input(name));
  }

  get y(): OneOrNamed<Tensor> {
    return this.#inRows(this.length)[0].y;
  }

  get weights(): Tensor | undefined {
    return this.#inRows(this.length)[0].weights;
  }

  parts(mostBytes: number): readonly NamedTensors[] {
    checkArguments("take parts of a set", { mostBytes }, bytesOfPart);
    const most = Math.floor(mostBytes / Math.max(...rowsIn(this.rows).map(rowBytes)));
    return this.#inRows(Math.max(1, Math.min(this.length, most)));
  }

  #input(name: string | undefined): Tensor {
    const { x } = this.#inRows(this.length)[0];
    return x instanceof Tensor ? x : x[name ?? ""];
  }

  /** Parts of this many rows; the last one may have fewer. */
  #inRows(count: number): readonly NamedTensors[] {
    const known = this.#made.get(count);
    if (known) return known;
    const { rows, length } = this;
    const made = Array.from({ length: Math.ceil(length / count) }, (_, i): NamedTensors => {
      const [begin, end] = [i * count, Math.min(length, (i + 1) * count)];
      return mapRows(rows, (part) => part.tensor(begin, end));
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
function weightRows({ weights }: NamedSourceSet): { readonly weights?: Rows } {
  if (weights === undefined) return {};
  return { weights: isSource(weights) ? sourceRows(weights) : sampleRows(weights) };
}

function targetRows(y: SourceSet["y"]): Rows {
  if (y instanceof Int32Array) return arrayRows("i32", y, [y.length]);
  return isSource(y) ? sourceRows(y) : sampleRows(y);
}
