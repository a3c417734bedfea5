/**
 * The inner loop of products for an engine that joins pairs of vectors into vectors of eight numbers: V8 does so where
 * it was started with `--experimental-wasm-revectorize` on a processor that has AVX2.
 *
 * It joins loads and stores whose addresses are constants, because only these need no bounds check in between. So a panel of columns
 * and the results of one tile lie at constant addresses, in a small memory of each thread's own, and each depth has
 * a function without a loop. These functions are a module of their own, as constant addresses ask for the own memory to
 * be the first one.
 *
 * @module
 */

import { Code, FunctionWriter, type Import, ModuleWriter, sharedMemory } from "../encode/assembler.ts";
import { LANES } from "../encode/lanes.ts";
import { MAXIMUM_PAGES } from "../encode/shared_memory.ts";
import { WIDE } from "../schedule/micro_kernels.ts";

/** Vectors of a panel of columns. */
const VECTORS = WIDE.columns / LANES;

/** The memory that a thread has for itself: the second one of programs, and the first one of their kernels. */
export const ownMemory: Import = { name: "own", memory: { pages: 1, shared: false } };
export const OWN = 1;
const SHARED = 1;
/** Where in it the results of a tile and the panel of columns lie: for each depth, its values. */
const TILE_AT = 0;
export const COLUMNS_AT = 1024;

/** The shape of one micro-kernel. */
export interface WideShape {
  readonly rows: number;
  readonly depth: number;
}

/** The function that programs import. */
export const multiplyImport = {
  name: "multiply",
  params: ["i32", "i32", "i32", "i32", "i32", "i32", "i32"],
} as const satisfies Import;

/** Its index among the functions of a program: no others are imported. */
export const MULTIPLY = 0;

/** The section of a program that holds the module of its kernels. */
export const WIDE_SECTION = "wide kernels";

/**
 * The micro-kernels of a program. Their module exports `multiply(kernel, rows, turns, rowsBytes, tile, stride, adds)`:
 * the products of the panel of columns and `turns` panels of rows, `rowsBytes` apart, by the kernel of that number. They
 * go into (or, where `adds` is not 0, are added to) tiles that follow each other downwards, whose rows are `stride` bytes
 * apart.
 */
export class WideKernels {
  readonly #numbers = new Map<string, number>();
  readonly #module = new ModuleWriter([ownMemory, sharedMemory(MAXIMUM_PAGES)]);
  readonly #multiply = new FunctionWriter(multiplyImport.params);

  /** The number of the kernel of a shape. */
  number(shape: WideShape): number {
    const key = `${shape.rows} × ${shape.depth}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(key, number);
      this.#add(shape, number);
    }
    return number;
  }

  /** The module. */
  bytes(): Uint8Array<ArrayBuffer> {
    this.#module.export("multiply", this.#module.add(this.#multiply));
    return this.#module.bytes();
  }

  #add(shape: WideShape, number: number): void {
    const { code } = this.#multiply;
    const [KERNEL, ...rest] = this.#multiply.params.keys();
    const panel = this.#module.add(allRows(shape, this.#module.add(writeWideKernel(shape))));
    code.get(KERNEL).i32(number).op("i32.eq").if();
    for (const parameter of rest) code.get(parameter);
    code.op("call", panel).op("return").end();
  }
}

/** `(rows, turns, rowsBytes, tile, stride, adds)`: calls the kernel for each panel of rows. */
function allRows({ rows }: WideShape, kernel: number): FunctionWriter {
  const writer = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [ROWS, TURNS, ROWS_BYTES, TILE, STRIDE, ADDS] = writer.params.keys();
  const { code } = writer;
  code.loop();
  for (const argument of [ROWS, TILE, STRIDE, ADDS]) code.get(argument);
  code.op("call", kernel);
  code.get(ROWS).get(ROWS_BYTES).op("i32.add").set(ROWS);
  code.get(TILE).get(STRIDE).i32(rows).op("i32.mul").op("i32.add").set(TILE);
  code.get(TURNS).i32(-1).op("i32.add").tee(TURNS).op("br_if", 0).end();
  return writer;
}

/** `(rows, tile, stride, adds)`: the product of a panel of rows and the panel of columns that was brought. */
function writeWideKernel({ rows, depth }: WideShape): FunctionWriter {
  const writer = new FunctionWriter(["i32", "i32", "i32", "i32"]);
  const [ROWS, TILE, STRIDE, ADDS] = writer.params.keys();
  const { code } = writer;
  const sums = Array.from({ length: rows * VECTORS }, () => writer.local("v128"));
  const right = Array.from({ length: VECTORS }, () => writer.local("v128"));
  const left = writer.local("v128");
  for (let step = 0; step < depth; step++) {
    right.forEach((local, vector) => {
      code.i32(0).op("v128.load", COLUMNS_AT + 16 * (VECTORS * step + vector)).set(local);
    });
    for (let row = 0; row < rows; row++) {
      code.get(ROWS).opIn(SHARED, "v128.load32_splat", 4 * (rows * step + row)).set(left);
      right.forEach((local, vector) => {
        const sum = sums[VECTORS * row + vector];
        code.get(left).get(local).get(sum).op("f32x4.relaxed_madd").set(sum);
      });
    }
  }
  const target = { tile: TILE, stride: STRIDE };
  sums.forEach((sum, i) => code.i32(0).get(sum).op("v128.store", TILE_AT + 16 * i));
  code.get(ADDS).if().append(moveResults(rows, target, "add")).else().append(moveResults(rows, target, "store")).end();
  return writer;
}

/** Moves the results to a tile whose rows are `stride` bytes apart, or adds them to it. */
function moveResults(
  rows: number,
  { tile, stride }: { readonly tile: number; readonly stride: number },
  how: "store" | "add",
): Code {
  const code = new Code();
  for (let row = 0; row < rows; row++) {
    if (row > 0) code.get(tile).get(stride).op("i32.add").set(tile);
    for (let vector = 0; vector < VECTORS; vector++) {
      code.get(tile).i32(0).op("v128.load", TILE_AT + 16 * (VECTORS * row + vector));
      if (how === "add") code.get(tile).opIn(SHARED, "v128.load", 16 * vector).op("f32x4.add");
      code.opIn(SHARED, "v128.store", 16 * vector);
    }
  }
  return code;
}
