/**
 * Products of the rows of a persistent kernel with a matrix that all rows share.
 *
 * The factors of the workgroup's rows pass through workgroup memory, four neighbors along depth as one vector. Each
 * thread then has some columns and all rows, so it loads each value of the matrix once. The sums are in the order of the
 * tile schedule.
 *
 * @module
 */

import { type Expression, loadsIn, type Variable } from "../../nest/expression.ts";
import { expressionsOf, isTileable, laterPhases, pointsOf, type Reduction, type Store } from "../../nest/nest.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import { countersAt } from "../../nest/row_major.ts";
import { productBlocks } from "../../nest/sum_blocks.ts";
import { vectorWidth } from "../schedule/vectors.ts";
import type { Emitter } from "../wgsl/emitter.ts";
import { inOrderStep } from "../schedule/persistent.ts";
import { stagedSteps } from "../wgsl/tile_frame.ts";
import {
  factorsName,
  isWhole,
  limitedRow,
  openEmitter,
  rowAt,
  type SliceFrame,
  type SlicePart,
  zeroName,
} from "./frame.ts";
import type { SlicedNest } from "./slices.ts";

/** A product of rows with a matrix. */
export interface SliceProduct extends SlicedNest {
  readonly reduction: Reduction;
  /** The factor of the rows, and that of the columns. */
  readonly factor: Expression;
  readonly matrix: Expression;
  readonly columns: readonly Variable[];
  readonly depth: readonly Variable[];
}

/** The product that a nest computes; undefined if it is none, or if its sums are in blocks. */
export function productOf(sliced: SlicedNest): SliceProduct | undefined {
  const { nest, row } = sliced;
  if (!isTileable(nest)) return undefined;
  const { contraction: { batch, rows, columns, depth, left, right }, phases: [{ reductions: [reduction] }] } = nest;
  const isInBlocks = productBlocks([stagedSteps(depth, inOrderStep)], inOrderStep).some(({ length }) => length > 0);
  if (batch.length > 0 || reduction.dtype !== "f32" || isInBlocks) return undefined;
  const product = { ...sliced, reduction, depth };
  const isAlone = (side: readonly Variable[]): boolean =>
    side.length === 0 ? row.extent === 1 : side.length === 1 && side[0] === row;
  if (isAlone(rows)) return { ...product, factor: left, matrix: right, columns };
  return isAlone(columns) ? { ...product, factor: right, matrix: left, columns: rows } : undefined;
}

/** The vectors of factors for each row. */
export const vectorsPerRow = ({ depth }: SliceProduct): number => Math.ceil(pointsOf(depth) / vectorWidth);

/**
 * Writes the factors of the workgroup's rows to workgroup memory, and then the sums. The first part waits for what both
 * use. The nest stores no element that is the factor of another point, so the second part waits for the memory only.
 */
export function renderProduct(frame: SliceFrame, product: SliceProduct): SlicePart[] {
  const { factor, matrix, nest } = product;
  const later = laterPhases(nest);
  const loads = loadsIn([factor, matrix, ...expressionsOf(later)]);
  const stores = later.phases.flatMap((phase) => phase.stores);
  const [read, written] = [loads, stores].map((all) => all.map(({ slot }) => slot));
  const [filled, added] = [fillFactors(frame, product), addProducts(frame, product)];
  return [
    { ...filled, uses: { read, written }, memory: "writes" },
    { ...added, uses: { read: [], written: [] }, memory: "reads" },
  ];
}

/** The code of a part. */
type PartCode = Pick<SlicePart, "lines" | "functions">;

function fillFactors(frame: SliceFrame, product: SliceProduct): PartCode {
  const { loop: { table }, schedule } = frame;
  const { row, depth, factor } = product;
  const emitter = openEmitter(frame);
  const [each, last] = [vectorsPerRow(product), pointsOf(depth) - 1];
  const vector = table.variable("vector", schedule.rows * each);
  const at = limitedRow(frame, schedule.rows === 1 ? table.literal("i32", 0) : table.quotient(vector, each));
  const first = schedule.rows === 1 ? vector : table.remainder(vector, each);
  const name = emitter.name("vector");
  emitter.within(
    `for (var ${name} = i32(lane); ${name} < ${schedule.rows * each}; ${name} += ${schedule.lanes})`,
    () => {
      emitter.bind(vector, name);
      const values = Array.from({ length: vectorWidth }, (_, i) => {
        const point = table.affine([[first, vectorWidth]], i);
        const inside = last % vectorWidth >= i ? point : table.apply("min", "i32", [point, table.literal("i32", last)]);
        return emitter.value(table.substitute(factor, countersAt(table, depth, inside).set(row, at)));
      });
      emitter.line(`${factorsName}[${name}] = vec4<f32>(${values.join(", ")});`);
    },
  );
  return { lines: emitter.lines, functions: emitter.functions };
}

/** The most products that are unrolled in the loop over depth, and its most iterations that are. */
const unrolled = { products: 128, depth: 64 };

/** The number of columns of a thread: as many as keep all threads busy, so that it loads few factors for each. */
function columnsEach({ schedule }: SliceFrame, { columns }: SliceProduct): number {
  const count = pointsOf(columns);
  return [4, 2].find((each) => count % each === 0 && count / each >= schedule.lanes) ?? 1;
}

/** The sums of a thread, while they are written. */
interface SliceSums {
  readonly frame: SliceFrame;
  readonly product: SliceProduct;
  readonly emitter: Emitter;
  /** The loop counters of each of the thread's columns. */
  readonly columns: readonly ReadonlyMap<Variable, Expression>[];
}

const sumName = (row: number, column: number): string => `sum_${row}_${column}`;

function addProducts(frame: SliceFrame, product: SliceProduct): PartCode {
  const { loop: { table }, schedule } = frame;
  const { columns } = product;
  const each = columnsEach(frame, product);
  const groups = pointsOf(columns) / each;
  const emitter = openEmitter(frame);
  const group = table.variable("column", groups);
  const name = emitter.name("column");
  emitter.within(`for (var ${name} = i32(lane); ${name} < ${groups}; ${name} += ${schedule.lanes})`, () => {
    emitter.bind(group, name);
    const counters = Array.from(
      { length: each },
      (_, i) => countersAt(table, columns, table.affine([[group, 1]], i * groups)),
    );
    const sums: SliceSums = { frame, product, emitter, columns: counters };
    addDepth(sums);
    finishSums(sums);
  });
  return { lines: emitter.lines, functions: emitter.functions };
}

/** Writes the loop over depth, and what is left after its whole iterations. */
function addDepth(sums: SliceSums): void {
  const { frame: { loop: { table }, schedule }, product, emitter, columns } = sums;
  for (let row = 0; row < schedule.rows; row++) {
    columns.forEach((_, column) => emitter.line(`var ${sumName(row, column)}: f32 = ${zeroName};`));
  }
  const points = pointsOf(product.depth);
  const most = Math.min(unrolled.depth, Math.floor(unrolled.products / (schedule.rows * columns.length)));
  const step = Math.max(1, Math.floor(most / vectorWidth));
  const whole = Math.floor(points / (step * vectorWidth)) * step;
  if (whole > 0) {
    const name = emitter.name("vector");
    emitter.within(`for (var ${name} = 0; ${name} < ${whole}; ${name} += ${step})`, () => {
      const vector = table.variable("vector", whole);
      emitter.bind(vector, name);
      for (let i = 0; i < step; i++) addVector(sums, table.affine([[vector, 1]], i));
    });
  }
  for (let first = whole * vectorWidth; first < points; first += vectorWidth) {
    addVector(sums, table.literal("i32", first / vectorWidth), points - first);
  }
}

/** Adds the products at the depth points of a vector, or at the first `count` of them. */
function addVector({ frame, product, emitter, columns }: SliceSums, vector: Expression, count = vectorWidth): void {
  const { loop: { table }, schedule } = frame;
  const { depth, matrix } = product;
  const zero = emitter.literal("f32", 0);
  const factors = Array.from({ length: schedule.rows }, (_, row) => {
    const name = emitter.name("f");
    emitter.line(
      `let ${name} = ${factorsName}[${emitter.value(table.affine([[vector, 1]], row * vectorsPerRow(product)))}];`,
    );
    return name;
  });
  for (let i = 0; i < Math.min(count, vectorWidth); i++) {
    const at = countersAt(table, depth, table.affine([[vector, vectorWidth]], i));
    columns.forEach((counters, column) => {
      const value = emitter.value(table.substitute(matrix, new Map([...at, ...counters])));
      factors.forEach((name, row) => {
        const [sum, factor] = [sumName(row, column), `${name}.${"xyzw"[i]}`];
        // Drivers take the product with a literal 0 for 0, also that of NaN or infinity.
        emitter.line(
          value === zero
            ? `${sum} += ${emitter.use("times_zero")}(${factor});`
            : `${sum} = fma(${factor}, ${value}, ${sum});`,
        );
      });
    });
  }
}

/** Writes the later phases for each of the thread's sums. */
function finishSums({ frame, product, emitter, columns }: SliceSums): void {
  const { loop: { table, rows }, schedule } = frame;
  const { nest, reduction, row } = product;
  for (let place = 0; place < schedule.rows; place++) {
    const at = table.literal("i32", place);
    const inside = isWhole(frame) || place === 0
      ? undefined
      : table.apply("lt", "bool", [rowAt(frame, at), table.literal("i32", rows)]);
    columns.forEach((counters, column) => {
      const id = reduction.id + 1 + place * columns.length + column;
      emitter.bind(table.result(reduction.dtype, id), sumName(place, column));
      const replacements = new Map([...counters, [row, inside ? limitedRow(frame, at) : rowAt(frame, at)]]);
      const expression = table.substitution(replacements, { renumber: () => id });
      for (const phase of laterPhases(nest).phases) {
        const { stores } = mapPhase(phase, { expression });
        emitter.stores(stores.map((store): Store => {
          const guard = table.both(store.guard, inside);
          return guard ? { ...store, guard } : store;
        }));
      }
    });
  }
}
