/**
 * The first examples of sets, for trainings that only try something.
 *
 * @module
 */

import type { Data } from "../../data/data.ts";
import { mapSet, type RowPair, type Rows } from "../../data/rows.ts";
import { featuresOf } from "../../data/samples.ts";
import type { TensorPair, TensorSet } from "../../data/tensor_set.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Assembly } from "./assembly.ts";
import { makePrograms } from "./programs.ts";

/** The first examples of a set; the set itself if it has no more. Nothing is copied. */
export function firstExamples(set: TensorSet, count: number): TensorSet {
  if (count >= set.length) return set;
  const made = new Map<number, readonly TensorPair[]>();
  const parts = (rowsPerPart: number): readonly TensorPair[] => {
    const known = made.get(rowsPerPart) ?? partsOf(set, count, rowsPerPart);
    made.set(rowsPerPart, known);
    return known;
  };
  const { exampleBytes } = set;
  return {
    length: count,
    exampleBytes,
    get x() {
      // Rows of gray levels are no floats.
      return set.rows.x.dtype === "u32" ? first(set.x, count) : parts(count)[0].x;
    },
    get y() {
      return parts(count)[0].y;
    },
    get weights() {
      return parts(count)[0].weights;
    },
    get rows() {
      return mapSet<Rows, Rows>(set.rows, (rows) => firstRows(rows, count)) satisfies RowPair;
    },
    parts: (mostBytes) => {
      const { x, y, weights } = set.rows;
      const widest = Math.max(...[x, y, weights].map((rows) => rows ? 4 * featuresOf(rows.shape) : 0));
      return parts(Math.max(1, Math.min(count, Math.floor(mostBytes / widest))));
    },
  };
}

function partsOf({ rows }: TensorSet, count: number, rowsPerPart: number): readonly TensorPair[] {
  return Array.from({ length: Math.ceil(count / rowsPerPart) }, (_, i): TensorPair => {
    const [begin, end] = [i * rowsPerPart, Math.min(count, (i + 1) * rowsPerPart)];
    return mapSet<Rows, Tensor>(rows, (part) => part.tensor(begin, end));
  });
}

function first(x: Tensor, count: number): Tensor {
  return x.slice(x.shape.map(() => 0), [count, ...x.shape.slice(1)]);
}

function firstRows(rows: Rows, count: number): Rows {
  const { dtype, shape, values } = rows;
  return {
    dtype,
    shape: [count, ...shape.slice(1)],
    ...(values && { values: values.subarray(0, count * featuresOf(shape)) }),
    copy: (numbers, target) => rows.copy(numbers, target),
    tensor: (begin, end) => rows.tensor(begin, end),
  };
}

/** What a training that only tries something is limited to. */
export interface Limits extends Pick<Data, "training" | "validation" | "test"> {
  readonly nEpochs: number;
}

/**
 * The same training on fewer examples. What it computes is chosen by all of them: a few targets may look like others, such
 * as classes.
 */
export function limitAssembly(assembly: Assembly, { nEpochs, ...sets }: Limits): Assembly {
  const { data, programs, settings } = assembly;
  const limited = makePrograms(programs.task, sets.training.length);
  return {
    ...assembly,
    data: { ...data, ...sets },
    programs: limited,
    settings: { ...settings, nEpochs },
    [Symbol.dispose]: () => {
      limited[Symbol.dispose]();
      assembly[Symbol.dispose]();
    },
  };
}
