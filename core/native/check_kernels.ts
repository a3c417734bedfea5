/**
 * Compares the kernels with the definition of what they compute.
 *
 * @module
 */

import type { NativeMultiply } from "./call.ts";
import { fusedMultiplyAdd } from "./fused.ts";
import { PIECE } from "./instruction_sets.ts";
import type { NativeKernels } from "./native.ts";
import { operands } from "./operands.ts";

/** The number of terms of each sum. */
const DEPTH = 4;
/** Byte addresses in the memory. */
const [DISTANCES_AT, PIECES_AT, ROWS_AT, COLUMNS_AT, TILE_AT] = [256, 512, 1024, 4096, 16_384];
/** What the tile holds before each product. */
const OLD = 1.5;

/** Factors of successive columns and rows, by which operands and sums become subnormal, large or infinite. */
const COLUMN_SCALES = [1, 1, 2 ** -128, 1, 2 ** -149, 1, 1, 2 ** 127];
const ROW_SCALES = [1, 2 ** -20, 1, 2 ** 100];
/** Every eighth column has one of these among its values. */
const SPECIAL = [NaN, Infinity, -Infinity, -0];

type Shape = Pick<NativeKernels, "rows" | "columns">;

/**
 * Returns where results of the kernels differ from those of their definition, or undefined if all bits are equal. Every
 * kernel is used once or more.
 *
 * @param memory the memory that `multiply` uses; its first 64 KiB are overwritten
 */
export function checkKernels(multiply: NativeMultiply, shape: Shape, memory: WebAssembly.Memory): string | undefined {
  const trial = new Trial(multiply, shape, memory);
  return differenceOf(trial, false) ?? differenceOf(trial, true);
}

/** Where products of each number of rows, and of whole and half panels of columns, differ from the definition. */
function differenceOf(trial: Trial, scattered: boolean): string | undefined {
  const { rows, columns } = trial.shape;
  const sizes = { columnCount: columns + columns / 2, scattered };
  for (let rowCount = 1; rowCount < rows; rowCount++) {
    const difference = trial.run({ ...sizes, rowCount, depth: DEPTH, adds: rowCount % 2 });
    if (difference) return difference;
  }
  return trial.run({ ...sizes, rowCount: rows + 1, depth: DEPTH, adds: 1 }) ??
    trial.run({ ...sizes, rowCount: rows + 1, depth: 0, adds: 1 }) ??
    trial.run({ ...sizes, rowCount: rows + 1, depth: 1, adds: 0 });
}

interface Product {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly depth: number;
  readonly adds: number;
  /** Whether the kernels find the columns by the tables. */
  readonly scattered: boolean;
}

/** Two panels of rows, two of columns, and the sums of their products. */
class Trial {
  readonly #singles: Float32Array;
  readonly #words: Uint32Array;
  /** The tile's columns, of which the last one stays as it was. */
  readonly #stride: number;
  /** For each depth, the sums of the terms before it. */
  readonly #sums: readonly Float32Array[];

  constructor(readonly multiply: NativeMultiply, readonly shape: Shape, memory: WebAssembly.Memory) {
    const { rows, columns } = shape;
    this.#singles = new Float32Array(memory.buffer, 0, 16_384);
    this.#words = new Uint32Array(memory.buffer, 0, 16_384);
    this.#stride = 2 * columns + 1;
    fill(this.#singles.subarray(ROWS_AT / 4), rows, rowValue);
    fill(this.#singles.subarray(COLUMNS_AT / 4), columns, columnValue);
    for (let depth = 0; depth < DEPTH; depth++) this.#words[DISTANCES_AT / 4 + depth] = 4 * columns * depth;
    for (let column = 0; column < 2 * columns; column += PIECE) {
      const panel = COLUMNS_AT + 4 * DEPTH * columns * Math.floor(column / columns);
      this.#words[PIECES_AT / 4 + column / PIECE] = panel + 4 * (column % columns);
    }
    this.#sums = this.#sumsOfDepths();
  }

  /** Computes a product. Returns where it differs from the definition, or where it wrote too much. */
  run(product: Product): string | undefined {
    const { shape: { rows, columns } } = this;
    const { rowCount, columnCount, depth, adds } = product;
    const tile = this.#singles.subarray(TILE_AT / 4, TILE_AT / 4 + (rowCount + 1) * this.#stride).fill(OLD);
    this.#write(product);
    this.multiply(0);
    // This runs at every start of a program, before the engine has optimized it.
    const [sums, stride] = [this.#sums[depth], this.#stride];
    for (let row = 0, i = 0; row <= rowCount; row++) {
      const needed = row < rowCount ? columnCount : 0;
      for (let column = 0; column < stride; column++, i++) {
        const expected = column >= needed ? OLD : adds ? Math.fround(OLD + sums[i]) : sums[i];
        // Also true if both are NaN.
        if (Object.is(tile[i], expected)) continue;
        const panels = `${product.scattered ? "scattered columns, " : ""}panels ${rows} × ${columns}, depth ${depth}`;
        const where = `element [${row}, ${column}] of ${rowCount} × ${columnCount} (${panels})`;
        return `${where} is ${tile[i]} instead of ${expected}`;
      }
    }
    return undefined;
  }

  #write({ rowCount, columnCount, depth, adds, scattered }: Product): void {
    const { shape: { rows, columns } } = this;
    const record: Record<keyof typeof operands, number> = {
      rows: ROWS_AT,
      columns: scattered ? PIECES_AT : COLUMNS_AT,
      tile: TILE_AT,
      depth,
      stride: 4 * this.#stride,
      adds,
      rowCount,
      columnCount,
      rowPanelBytes: 4 * DEPTH * rows,
      columnPanelBytes: scattered ? 4 * columns / PIECE : 4 * DEPTH * columns,
      distances: scattered ? DISTANCES_AT : 0,
    };
    for (const [name, value] of Object.entries(record)) {
      this.#words[operands[name as keyof typeof operands] / 4] = value;
    }
  }

  #sumsOfDepths(): Float32Array[] {
    const { shape: { rows, columns } } = this;
    const sums = Array.from({ length: DEPTH + 1 }, () => new Float32Array((rows + 1) * this.#stride));
    const [singles, stride] = [this.#singles, this.#stride];
    for (let row = 0; row <= rows; row++) {
      const left = ROWS_AT / 4 + Math.floor(row / rows) * DEPTH * rows + row % rows;
      for (let column = 0; column < columns + columns / 2; column++) {
        const right = COLUMNS_AT / 4 + Math.floor(column / columns) * DEPTH * columns + column % columns;
        let sum = 0;
        for (let depth = 0; depth < DEPTH; depth++) {
          sum = fusedMultiplyAdd(singles[left + depth * rows], singles[right + depth * columns], sum);
          sums[depth + 1][row * stride + column] = sum;
        }
      }
    }
    return sums;
  }
}

/** Fills two panels with singles that have all their digits. */
function fill(
  singles: Float32Array,
  panel: number,
  valueOf: (noise: number, point: number, depth: number) => number,
): void {
  let state = panel;
  for (let i = 0; i < 2 * panel * DEPTH; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    const point = i % panel + (i < panel * DEPTH ? 0 : panel);
    singles[i] = valueOf(state / 2 ** 31, point, Math.floor(i / panel) % DEPTH);
  }
}

const rowValue = (noise: number, row: number): number => noise * ROW_SCALES[row % ROW_SCALES.length];

function columnValue(noise: number, column: number, depth: number): number {
  const turn = Math.floor(column / COLUMN_SCALES.length);
  const isSpecial = column % COLUMN_SCALES.length === 6 && turn % DEPTH === depth;
  return isSpecial ? SPECIAL[turn % SPECIAL.length] : noise * COLUMN_SCALES[column % COLUMN_SCALES.length];
}
