/**
 * Helpers for the tests of this folder.
 *
 * @module
 */

import { assert } from "@std/assert";
import { type CFunctions, openC } from "./c_functions.ts";
import { type NativeMultiply, nativeMultiply } from "./call.ts";
import { makeExecutable } from "./executable_memory.ts";
import { fusedMultiplyAdd } from "./fused.ts";
import { AVX2, AVX512, type InstructionSet, PIECE } from "./instruction_sets.ts";
import { writeKernels } from "./kernels.ts";
import { nativeKernels } from "./native.ts";
import { operands } from "./operands.ts";
import { systems } from "./systems.ts";

const found = nativeKernels();

/** Why this machine has no kernels, or undefined. */
export const refused: string | undefined = "refused" in found ? found.refused : undefined;

/** All instruction sets, and whether this machine has them. */
export const sets: readonly { readonly set: InstructionSet; readonly isHere: boolean }[] = [
  { set: AVX2, isHere: refused === undefined },
  { set: AVX512, isHere: "name" in found && found.name === "AVX-512" },
];

/** A test that needs machine code. If this machine has none, its name says why it is skipped. */
export function testNative(name: string, run: () => void | Promise<void>): void {
  const isHere = refused === undefined;
  Deno.test({ name: isHere ? name : `${name} (skipped: ${refused})`, ignore: !isHere, fn: run });
}

/** A test for each instruction set. Those that this machine lacks are skipped, and the names say so. */
export function testOnEverySet(name: string, run: (set: InstructionSet) => void | Promise<void>): void {
  for (const { set, isHere } of sets) {
    const full = `${name} (${set.name}${isHere ? "" : `; skipped: ${refused ?? `this processor has no ${set.name}`}`})`;
    Deno.test({ name: full, ignore: !isHere, fn: () => run(set) });
  }
}

/** The address of kernels for an instruction set that this machine has. */
export function addressOf(set: InstructionSet): bigint {
  const system = systems.linux;
  const code = makeExecutable(writeKernels(set, system), openC(system.library), system);
  assert(typeof code !== "string", String(code));
  return Deno.UnsafePointer.value(code.address);
}

/** Functions of the C library of which some fail. */
export function failing(names: readonly (keyof CFunctions)[]): CFunctions {
  const c = openC(systems.linux.library);
  return {
    mmap: names.includes("mmap") ? () => Deno.UnsafePointer.create(2n ** 64n - 1n) : c.mmap,
    mprotect: names.includes("mprotect") ? () => -1 : c.mprotect,
    munmap: c.munmap,
    bsearch: c.bsearch,
  };
}

/** A product to try. */
export interface Product {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly depth: number;
  readonly adds: boolean;
  /** The bytes between two rows of the tile (default: some more than needed). */
  readonly stride?: number;
  /** Whether the kernels find the columns by tables (default: false). */
  readonly scattered?: boolean;
}

/** Byte addresses after the start of a trial. Each of the large parts has a megabyte. */
const [RECORD_AT, DISTANCES_AT, PIECES_AT, ROWS_AT, COLUMNS_AT, TILE_AT] = [
  ...[64, 1 << 16, 2 << 16],
  ...[1 << 20, 2 << 20, 3 << 20],
];

/** Makes a memory that has the record, both sides and the tile. */
export const trialMemory = (): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: 64, maximum: 128, shared: true });

/** The largest numbers of rows, columns and terms of a trial. */
export interface Extents {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** The first byte of the memory that the trial uses (default: 0). */
  readonly offset?: number;
}

/** The panels of two matrices, and their products by the definition. */
export class PanelTrial {
  readonly #singles: Float32Array;
  readonly #words: Uint32Array;
  /** For each depth, the product of the first columns of the one matrix and the first rows of the other. */
  readonly #sums: Float32Array[];
  readonly #columns: number;

  readonly #offset: number;

  constructor(
    readonly set: InstructionSet,
    readonly memory: WebAssembly.Memory,
    { rows, columns, depth, offset = 0 }: Extents,
  ) {
    this.#offset = offset;
    this.#singles = new Float32Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.#columns = columns;
    this.#sums = Array.from({ length: depth + 1 }, () => new Float32Array(rows * columns));
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum = fusedMultiplyAdd(left(row, k), right(column, k), sum);
          this.#sums[k + 1][row * columns + column] = sum;
        }
      }
    }
  }

  /** The record's address. */
  get at(): number {
    return this.#offset + RECORD_AT;
  }

  /** Writes the panels, the tile and the record. What is not needed of the panels is NaN. */
  prepare(product: Product): void {
    const { rowCount, columnCount, depth, adds, scattered } = product;
    const { rows, columns } = this.set;
    pack({ target: this.#singles.subarray((this.#offset + ROWS_AT) / 4), panel: rows, count: rowCount, depth }, left);
    pack(
      { target: this.#singles.subarray((this.#offset + COLUMNS_AT) / 4), panel: columns, count: columnCount, depth },
      right,
    );
    if (scattered) this.#scatter(product);
    const tile = this.#tile(product);
    for (let i = 0; i < tile.length; i++) tile[i] = old(i);
    const record: Record<keyof typeof operands, number> = {
      rows: this.#offset + ROWS_AT,
      columns: this.#offset + (scattered ? PIECES_AT : COLUMNS_AT),
      tile: this.#offset + TILE_AT,
      depth,
      stride: this.strideOf(product),
      adds: adds ? 1 : 0,
      rowCount,
      columnCount,
      rowPanelBytes: 4 * rows * (depth + 1),
      columnPanelBytes: scattered ? 4 * columns / PIECE : 4 * columns * (depth + 1),
      distances: scattered ? this.#offset + DISTANCES_AT : 0,
    };
    for (const name of Object.keys(record) as (keyof typeof operands)[]) {
      this.#words[(this.at + operands[name]) / 4] = record[name];
    }
  }

  /** Writes the pieces of columns one by one, and the tables of their addresses and of the distances of depths. */
  #scatter({ columnCount, depth }: Product): void {
    const singles = this.#singles.subarray((this.#offset + COLUMNS_AT) / 4);
    // A kernel for half a panel reads whole vectors.
    const vectors = Math.ceil(columnCount / (this.set.columns / 2)) * this.set.columns / 2 / PIECE;
    // Vectors are at odd addresses, in the opposite order, and the depths in the opposite order, too.
    const at = (vector: number, k: number): number => 1 + (PIECE + 1) * (vectors * (depth - k) - vector - 1);
    singles.fill(NaN, 0, (PIECE + 1) * vectors * (depth + 1) + 1);
    const [table, distances] = [(this.#offset + PIECES_AT) / 4, (this.#offset + DISTANCES_AT) / 4];
    const first = at(vectors - 1, depth - 1);
    for (let k = 0; k < depth; k++) {
      this.#words[distances + k] = 4 * (at(vectors - 1, k) - first);
      for (let column = 0; column < columnCount; column++) {
        singles[at(Math.floor(column / PIECE), k) + column % PIECE] = right(column, k);
      }
    }
    for (let vector = 0; vector < vectors; vector++) {
      this.#words[table + vector] = this.#offset + COLUMNS_AT + 4 * at(vector, depth - 1);
    }
  }

  /** Checks all bits of the tile, and of the singles around it. */
  check(product: Product): void {
    const { rowCount, columnCount, depth, adds } = product;
    const tile = this.#tile(product);
    const stride = this.strideOf(product) / 4;
    const written = this.#written(columnCount);
    for (let i = 0; i < tile.length; i++) {
      const [row, column] = [
        Math.floor((i - BEFORE) / stride),
        (i - BEFORE) - stride * Math.floor((i - BEFORE) / stride),
      ];
      const isInside = row >= 0 && row < rowCount && column < written;
      if (isInside && column >= columnCount) continue;
      const sum = isInside ? this.#sums[depth][row * this.#columns + column] : 0;
      const expected = !isInside ? old(i) : adds ? Math.fround(old(i) + sum) : sum;
      if (Object.is(tile[i], expected)) continue;
      throw new Error(`[${row}, ${column}] of ${JSON.stringify(product)} is ${tile[i]} instead of ${expected}`);
    }
  }

  strideOf({ columnCount, stride }: Product): number {
    return stride ?? 4 * (this.#written(columnCount) + 3);
  }

  /** The tile's columns that the kernels may write. */
  #written(columnCount: number): number {
    return Math.ceil(columnCount / (this.set.columns / 2)) * this.set.columns / 2;
  }

  #tile(product: Product): Float32Array {
    const length = 2 * BEFORE + (product.rowCount + 1) * this.strideOf(product) / 4;
    const first = (this.#offset + TILE_AT) / 4 - BEFORE;
    return this.#singles.subarray(first, first + length);
  }
}

/** The singles before and after the tile that are checked. */
const BEFORE = 64;

/** Numbers with all digits, of different sizes and signs. */
const noise = (seed: number): number => Math.fround(((Math.imul(seed, 2654435761) ^ 0x5bd1e995) | 0) / 2 ** 29);
const left = (row: number, k: number): number => noise(row * 1009 + k);
const right = (column: number, k: number): number => noise(column * 4099 + k + 77);
const old = (i: number): number => noise(i + 123_456);

interface Panels {
  readonly target: Float32Array;
  readonly panel: number;
  readonly count: number;
  readonly depth: number;
}

function pack({ target, panel, count, depth }: Panels, value: (point: number, k: number) => number): void {
  for (let first = 0; first < count; first += panel) {
    const start = first * (depth + 1);
    for (let k = 0; k <= depth; k++) {
      for (let i = 0; i < panel; i++) {
        target[start + k * panel + i] = first + i < count && k < depth ? value(first + i, k) : NaN;
      }
    }
  }
}

/** The function that computes with kernels for a set. */
export const multiplyOf = (set: InstructionSet, memory: WebAssembly.Memory): NativeMultiply =>
  nativeMultiply(addressOf(set), memory);
