/**
 * The inner loops of products in machine code: some rows times one or two vectors of columns, held in registers, over
 * the depth of a packed panel of rows. The columns are a packed panel, too, or vectors anywhere in memory.
 *
 * @module
 */

import { MachineCode, type VectorBytes } from "./encode/assembler.ts";
import { registers } from "./encode/instructions.ts";
import { type InstructionSet, VECTORS } from "./instruction_sets.ts";
import { operands } from "./operands.ts";

const { rax, rcx, rdx, rbx, rsi, rdi, r8, r9, r10, r11, r14 } = registers;

/**
 * The registers of the arguments. A kernel moves `tile` to the row after its last one, and changes `rows`, `columns`,
 * `depth` and rax.
 */
export const kernelArguments = { rows: rdi, columns: rsi, tile: rdx, depth: rcx, stride: r8, adds: r9 } as const;
const { rows: ROWS, columns: COLUMNS, tile: TILE, depth: DEPTH, stride: STRIDE, adds: ADDS } = kernelArguments;

/**
 * Where the columns are: in a panel, or anywhere in memory, in pieces of whole vectors or of `SHORT_PIECE` columns, which
 * are half a vector of 64 bytes.
 */
export type ColumnForm = "packed" | "vectors" | "halves";

/**
 * The registers of the arguments if the columns are anywhere in memory. They take the place of `columns` and `adds`. Half
 * vectors need four addresses. The word of the record that says whether products are added is loaded at the end.
 */
export const scatteredArguments = { distances: rsi, pieces: [r11, r9, r14, r10], record: rbx } as const;
const { distances: DISTANCES, pieces: PIECES, record: RECORD } = scatteredArguments;

/** The vector registers: the value of a row, the values of the columns, and the sums. */
const LEFT = 0;
const RIGHT = 1;
const SUMS = RIGHT + VECTORS;
/** The bytes of half a vector. */
const HALF: VectorBytes = 32;

/** Code for the rows of a panel, one after the other. Code for fewer rows is the beginning of it. */
interface RowByRow {
  readonly code: MachineCode;
  /** The length of the code for each number of rows. */
  readonly lengths: readonly number[];
}

/**
 * The kernels for `vectors` vectors of columns. Only the code for the largest number of rows is written instruction by
 * instruction; each kernel copies its beginning, which takes a quarter of the time.
 */
export class MicroKernels {
  readonly #clear: RowByRow;
  readonly #step: RowByRow;
  readonly #add: RowByRow;
  readonly #store: RowByRow;

  constructor(readonly set: InstructionSet, readonly vectors: number) {
    const { vectorBytes: bytes } = set;
    this.#clear = this.#rowByRow((code, sum) => code.vector("vxorps v, v, v", bytes, sum, sum, sum));
    this.#step = this.#rowByRow(
      (code, sum, vector) => code.vector("vfmadd231ps v, v, v", bytes, sum, LEFT, RIGHT + vector),
      { before: (code, row) => code.vector("vbroadcastss v, m", bytes, LEFT, ROWS, 4 * row) },
    );
    this.#add = this.#rowByRow(
      (code, sum, vector) =>
        code.vector("vmovups v, m", bytes, RIGHT, rax, bytes * vector).vector("vaddps v, v, v", bytes, sum, RIGHT, sum),
      {
        after: (code) => code.op("add r64, r64", rax, STRIDE),
      },
    );
    this.#store = this.#rowByRow((code, sum, vector) => code.vector("vmovups m, v", bytes, TILE, bytes * vector, sum), {
      after: (code) => code.op("add r64, r64", TILE, STRIDE),
    });
  }

  /** Writes the kernel for the first `rows` rows of a panel. Processors need no unrolled loop to be busy. */
  write(code: MachineCode, rows: number, form: ColumnForm): void {
    const { vectorBytes: bytes, rows: panel } = this.set;
    const append = ({ code: all, lengths }: RowByRow): MachineCode => code.append(all, lengths[rows]);
    const [step, end, store] = [code.label(), code.label(), code.label()];
    append(this.#clear).op("test r32, r32", DEPTH, DEPTH).jump("je", end);
    code.bind(step);
    this.#loadColumns(code, form);
    append(this.#step).op("add r64, i32", ROWS, 4 * panel);
    code.op("add r64, i32", COLUMNS, form === "packed" ? bytes * VECTORS : 4);
    code.op("sub r32, i32", DEPTH, 1).jump("jne", step);
    code.bind(end);
    if (form !== "packed") code.op("mov r32, m32", ADDS, RECORD, operands.adds);
    code.op("test r32, r32", ADDS, ADDS).jump("je", store).op("mov r64, r64", rax, TILE);
    append(this.#add).bind(store);
    append(this.#store).op("ret");
  }

  /** Loads the vectors of a depth. */
  #loadColumns(code: MachineCode, form: ColumnForm): void {
    const { vectorBytes: bytes } = this.set;
    if (form !== "packed") code.op("mov r32, m32", rax, DISTANCES, 0);
    for (let vector = 0; vector < this.vectors; vector++) {
      const register = RIGHT + vector;
      if (form === "packed") code.vector("vmovups v, m", bytes, register, COLUMNS, bytes * vector);
      else if (form === "vectors") code.vector("vmovups v, r+r", bytes, register, PIECES[vector], rax);
      else {
        code.vector("vmovups v, r+r", HALF, register, PIECES[2 * vector], rax);
        code.vector("vinsertf64x4 v, r+r", bytes, register, PIECES[2 * vector + 1], rax);
      }
    }
  }

  /** Code for each vector of each row, with code before or after those of a row. */
  #rowByRow(each: (code: MachineCode, sum: number, vector: number) => void, around: Around = {}): RowByRow {
    const code = new MachineCode();
    const lengths = [0];
    for (let row = 0; row < this.set.rows; row++) {
      around.before?.(code, row);
      for (let vector = 0; vector < this.vectors; vector++) each(code, SUMS + this.vectors * row + vector, vector);
      around.after?.(code);
      lengths.push(code.length);
    }
    return { code, lengths };
  }
}

/** Code before and after the vectors of a row. */
interface Around {
  readonly before?: (code: MachineCode, row: number) => void;
  readonly after?: (code: MachineCode) => void;
}
