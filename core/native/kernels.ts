/**
 * The routine that multiplies panels of rows by panels of columns.
 *
 * @module
 */

import { type Label, MachineCode } from "./encode/assembler.ts";
import { registers } from "./encode/instructions.ts";
import { type InstructionSet, PIECE, VECTORS } from "./instruction_sets.ts";
import { type ColumnForm, kernelArguments, MicroKernels, scatteredArguments } from "./micro_kernel.ts";
import { operands } from "./operands.ts";
import type { System } from "./systems.ts";

const { rax, rbx, rbp, r10, r12, r13, r14, r15 } = registers;

/** What the routine keeps in registers that the kernels do not use. */
const [MEMORY, OPERANDS, COLUMNS, COLUMNS_LEFT, ROWS, ROWS_LEFT, TILE] = [r10, rbx, r12, r13, r14, r15, rbp];

/**
 * The code of the routine `multiply(memory, at)` (see `NativeKernels`) and of its kernels. Each number of rows that a
 * panel can have left has a kernel, and so has half a panel of columns, so that little is computed that is not needed.
 * The routine returns 0.
 */
export function writeKernels(set: InstructionSet, system: System): Uint8Array<ArrayBuffer> {
  const code = new MachineCode();
  const newEntries = (): Entries => ({ whole: code.label(), half: code.label() });
  const entries = { packed: newEntries(), scattered: newEntries() };
  writeRoutine(code, set, { system, entries });
  for (const [width, vectors] of [["whole", VECTORS], ["half", VECTORS / 2]] as const) {
    const forms = { packed: entries.packed[width], scattered: entries.scattered[width] };
    writeKernelsOfWidth(code, new MicroKernels(set, vectors), forms);
  }
  return code.copy();
}

/** The kernels for a panel of columns, and those for the first half of one. */
interface Entries {
  readonly whole: Label;
  readonly half: Label;
}

interface RoutineParts {
  readonly system: System;
  /** The kernels by where the columns are. */
  readonly entries: Readonly<Record<ColumnForm, Entries>>;
}

function writeRoutine(code: MachineCode, set: InstructionSet, { system, entries }: RoutineParts): void {
  const [column, end] = [code.label(), code.label()];
  const { parameters: [memory, at], preserved } = system;
  for (const register of preserved) code.op("push r64", register);
  // The upper half of a register with a parameter of 32 bits is undefined, and this sets it to zero.
  code.op("mov r32, r32", OPERANDS, at).op("mov r64, r64", MEMORY, memory).op("add r64, r64", OPERANDS, MEMORY);
  load(code, kernelArguments.stride, "stride");
  loadAddress(code, COLUMNS, "columns");
  loadAddress(code, TILE, "tile");
  load(code, COLUMNS_LEFT, "columnCount");
  code.op("test r32, r32", COLUMNS_LEFT, COLUMNS_LEFT).jump("je", end);

  code.bind(column);
  loadAddress(code, ROWS, "rows");
  load(code, ROWS_LEFT, "rowCount");
  code.op("test r32, r32", ROWS_LEFT, ROWS_LEFT).jump("je", end);
  code.op("mov r64, r64", kernelArguments.tile, TILE);
  writeRows(code, set, entries);
  advance(code, COLUMNS, "columnPanelBytes");
  code.op("add r64, i32", TILE, 4 * set.columns).op("sub r32, i32", COLUMNS_LEFT, set.columns).jump("ja", column);

  code.bind(end).op("vzeroupper").op("xor r32, r32", rax, rax);
  for (const register of preserved.toReversed()) code.op("pop r64", register);
  code.op("ret");
}

/** Multiplies all panels of rows by one panel of columns. */
function writeRows(code: MachineCode, set: InstructionSet, entries: RoutineParts["entries"]): void {
  const [row, isScattered, next] = [code.label(), code.label(), code.label()];
  const { distances } = scatteredArguments;
  code.bind(row).op("mov r64, r64", kernelArguments.rows, ROWS);
  load(code, kernelArguments.depth, "depth");
  load(code, distances, "distances");
  code.op("test r32, r32", distances, distances).jump("jne", isScattered);
  load(code, kernelArguments.adds, "adds");
  code.op("mov r64, r64", kernelArguments.columns, COLUMNS);
  callByWidth(code, set, entries.packed);
  code.jump("jmp", next).bind(isScattered).op("add r64, r64", distances, MEMORY);
  writeScattered(code, set, entries.scattered);
  advance(code.bind(next), ROWS, "rowPanelBytes");
  code.op("sub r32, i32", ROWS_LEFT, set.rows).jump("ja", row);
}

/** Calls a kernel for columns anywhere in memory. More than two addresses take registers of the routine. */
function writeScattered(code: MachineCode, set: InstructionSet, entries: Entries): void {
  const pieces = scatteredArguments.pieces.slice(0, set.columns / PIECE);
  const saved = pieces.filter((register) => register === ROWS || register === MEMORY);
  for (const register of saved) code.op("push r64", register);
  pieces.forEach((register, i) => {
    // The last piece has the register of the memory's address.
    code.op("mov r32, m32", rax, COLUMNS, 4 * i).op("add r64, r64", rax, MEMORY).op("mov r64, r64", register, rax);
  });
  callByWidth(code, set, entries);
  for (const register of saved.toReversed()) code.op("pop r64", register);
}

/** Calls the kernel for the columns that are left. */
function callByWidth(code: MachineCode, set: InstructionSet, { whole, half }: Entries): void {
  const [isWide, end] = [code.label(), code.label()];
  code.op("cmp r32, i32", COLUMNS_LEFT, set.columns / 2).jump("ja", isWide).jump("call", half).jump("jmp", end);
  code.bind(isWide).jump("call", whole).bind(end);
}

/** Writes the kernels of one width, and before them the choice among them by the number of rows that are left. */
function writeKernelsOfWidth(
  code: MachineCode,
  micro: MicroKernels,
  entries: Readonly<Record<ColumnForm, Label>>,
): void {
  const choose = (entry: Label): Label[] => {
    const kernels = Array.from({ length: micro.set.rows }, () => code.label());
    code.bind(entry);
    for (let rows = micro.set.rows; rows > 1; rows--) {
      code.op("cmp r32, i32", ROWS_LEFT, rows).jump("jae", kernels[rows - 1]);
    }
    code.jump("jmp", kernels[0]);
    return kernels;
  };
  const [packed, scattered] = [choose(entries.packed), choose(entries.scattered)];
  packed.forEach((kernel, i) => micro.write(code, i + 1, { packed: kernel, scattered: scattered[i] }));
}

/** Loads a word of the record of operands. */
function load(code: MachineCode, register: number, name: keyof typeof operands): void {
  code.op("mov r32, m32", register, OPERANDS, operands[name]);
}

/** Loads an address that counts from the start of the memory. */
function loadAddress(code: MachineCode, register: number, name: keyof typeof operands): void {
  load(code, register, name);
  code.op("add r64, r64", register, MEMORY);
}

/** Adds a word of the record to a register. */
function advance(code: MachineCode, register: number, name: keyof typeof operands): void {
  load(code, rax, name);
  code.op("add r64, r64", register, rax);
}
