/**
 * The inner loops of products in machine code: some rows times one or two vectors of columns, held in registers, over
 * the depth of a packed panel of rows. The columns are a packed panel, too, or vectors anywhere in memory.
 *
 * @module
 */

import { type Label, MachineCode, type VectorBytes } from "./encode/assembler.ts";
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

/** Where the columns are: in a panel, or in pieces anywhere in memory. */
export type ColumnForm = "packed" | "scattered";

/**
 * The registers of the arguments if the columns are anywhere in memory. They take the place of `columns` and `adds`. The
 * word of the record that says whether products are added is loaded at the end. Panels of AVX2 have only two pieces.
 */
export const scatteredArguments = { distances: rsi, pieces: [r11, r9, r14, r10], record: rbx } as const;
const { distances: DISTANCES, pieces: PIECES, record: RECORD } = scatteredArguments;

/** The vector registers: the value of a row, the values of the columns, and the sums. */
const LEFT = 0;
const RIGHT = 1;
const SUMS = RIGHT + VECTORS;
/** The bytes of a piece of columns. */
const PIECE_BYTES: VectorBytes = 32;

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

  /**
   * Writes the kernels for the first `rows` rows of a panel, one for each place of the columns: `entries` are their
   * beginnings. Both end with the same code. Processors need no unrolled loop to be busy.
   */
  write(code: MachineCode, rows: number, entries: Readonly<Record<ColumnForm, Label>>): void {
    const append = ({ code: all, lengths }: RowByRow): MachineCode => code.append(all, lengths[rows]);
    const [end, store] = [code.label(), code.label()];
    this.#sum(code.bind(entries.scattered), rows, "scattered");
    code.op("mov r32, m32", ADDS, RECORD, operands.adds).jump("jmp", end);
    this.#sum(code.bind(entries.packed), rows, "packed");
    code.bind(end).op("test r32, r32", ADDS, ADDS).jump("je", store).op("mov r64, r64", rax, TILE);
    append(this.#add).bind(store);
    append(this.#store).op("ret");
  }

  /** Computes the sums of all depths. */
  #sum(code: MachineCode, rows: number, form: ColumnForm): void {
    const { vectorBytes: bytes, rows: panel } = this.set;
    const append = ({ code: all, lengths }: RowByRow): MachineCode => code.append(all, lengths[rows]);
    const [step, end] = [code.label(), code.label()];
    append(this.#clear).op("test r32, r32", DEPTH, DEPTH).jump("je", end).bind(step);
    if (form === "packed") this.#loadPanel(code);
    else this.#loadPieces(code);
    append(this.#step).op("add r64, i32", ROWS, 4 * panel);
    code.op("add r64, i32", COLUMNS, form === "packed" ? bytes * VECTORS : 4);
    code.op("sub r32, i32", DEPTH, 1).jump("jne", step).bind(end);
  }

  /** Loads the vectors of a depth from a panel. */
  #loadPanel(code: MachineCode): void {
    const { vectorBytes: bytes } = this.set;
    for (let vector = 0; vector < this.vectors; vector++) {
      code.vector("vmovups v, m", bytes, RIGHT + vector, COLUMNS, bytes * vector);
    }
  }

  /** Loads the vectors of a depth piece by piece. */
  #loadPieces(code: MachineCode): void {
    const { vectorBytes: bytes } = this.set;
    const pieces = bytes / PIECE_BYTES;
    code.op("mov r32, m32", rax, DISTANCES, 0);
    for (let vector = 0; vector < this.vectors; vector++) {
      code.vector("vmovups v, r+r", PIECE_BYTES, RIGHT + vector, PIECES[pieces * vector], rax);
      if (pieces === 1) continue;
      code.vector("vinsertf64x4 v, r+r", bytes, RIGHT + vector, PIECES[pieces * vector + 1], rax);
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
