/**
 * The x86-64 instructions that the kernels use, with their codes.
 *
 * Codes: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 *
 * @module
 */

/** The numbers of the general registers. Those of vector registers are 0 to 15, with AVX-512 to 31. */
export const registers = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
} as const;

/**
 * One instruction on general registers. What its operands are: "none"; "code", a register in the code itself; "pair",
 * two registers; "load", a register and an address; "store", an address and a register; "constant", a register and up to 32
 * bits. An address is a register and an offset.
 */
export interface Instruction {
  readonly operands: "none" | "code" | "pair" | "load" | "store" | "constant";
  /** Of an instruction with a constant, the code for one of 32 bits. That for one of 8 bits has bit 1 set. */
  readonly code: readonly number[];
  /** Whether it works on 64 bits instead of 32. */
  readonly wide: boolean;
  /** What the field of the other register holds in an instruction with a constant. */
  readonly digit: number;
}

type Operands = Instruction["operands"];

const general = (operands: Operands, code: number[], { wide = false, digit = 0 } = {}): Instruction => {
  return { operands, code, wide, digit };
};

/** The instructions on general registers, by their names and operands in the manual. */
export const instructions = {
  "ret": general("none", [0xc3]),
  "cpuid": general("none", [0x0f, 0xa2]),
  "xgetbv": general("none", [0x0f, 0x01, 0xd0]),
  "vzeroupper": general("none", [0xc5, 0xf8, 0x77]),
  "push r64": general("code", [0x50]),
  "pop r64": general("code", [0x58]),
  "mov r32, r32": general("pair", [0x89]),
  "mov r64, r64": general("pair", [0x89], { wide: true }),
  "mov r32, m32": general("load", [0x8b]),
  "mov m32, r32": general("store", [0x89]),
  "add r64, r64": general("pair", [0x01], { wide: true }),
  "add r64, i32": general("constant", [0x81], { wide: true, digit: 0 }),
  "and r32, i32": general("constant", [0x81], { digit: 4 }),
  "sub r32, i32": general("constant", [0x81], { digit: 5 }),
  "cmp r32, i32": general("constant", [0x81], { digit: 7 }),
  "xor r32, r32": general("pair", [0x31]),
  "test r32, r32": general("pair", [0x85]),
} as const satisfies Record<string, Instruction>;

/** The name of an instruction on general registers. */
export type Opcode = keyof typeof instructions;

/** Jumps and calls, whose codes are followed by the distance in 32 bits. Comparisons are of unsigned numbers. */
export const jumps = {
  call: [0xe8],
  jmp: [0xe9],
  jb: [0x0f, 0x82],
  jae: [0x0f, 0x83],
  je: [0x0f, 0x84],
  jne: [0x0f, 0x85],
  ja: [0x0f, 0x87],
} as const satisfies Record<string, readonly number[]>;

/** The name of a jump. */
export type Jump = keyof typeof jumps;

/**
 * One instruction on vectors of singles. Its operands are as above; "three" are registers, and "sum" is a register and
 * an address that is the sum of two registers.
 */
export interface VectorInstruction {
  readonly operands: "load" | "store" | "three" | "sum";
  /** The table of codes: 1 is `0F`, 2 is `0F38`, 3 is `0F3A`. */
  readonly map: 1 | 2 | 3;
  /** The prefix that belongs to the code: 0 is none, 1 is `66`. */
  readonly prefix: 0 | 1;
  readonly code: number;
  /** The number of bytes in memory that it accesses (default: those of the vector). */
  readonly bytes?: number;
  /** A constant that follows the operands. Such an instruction changes a part of the first register. */
  readonly constant?: number;
}

/** The instructions on vectors, by their names and operands in the manual. */
export const vectorInstructions = {
  "vmovups v, m": { operands: "load", map: 1, prefix: 0, code: 0x10 },
  "vmovups v, r+r": { operands: "sum", map: 1, prefix: 0, code: 0x10 },
  /** Replaces the upper half of a register; only with vectors of 64 bytes. */
  "vinsertf64x4 v, r+r": { operands: "sum", map: 3, prefix: 1, code: 0x1a, constant: 1 },
  "vmovups m, v": { operands: "store", map: 1, prefix: 0, code: 0x11 },
  "vbroadcastss v, m": { operands: "load", map: 2, prefix: 1, code: 0x18, bytes: 4 },
  "vaddps v, v, v": { operands: "three", map: 1, prefix: 0, code: 0x58 },
  "vxorps v, v, v": { operands: "three", map: 1, prefix: 0, code: 0x57 },
  "vfmadd231ps v, v, v": { operands: "three", map: 2, prefix: 1, code: 0xb8 },
} as const satisfies Record<string, VectorInstruction>;

/** The name of an instruction on vectors. */
export type VectorOpcode = keyof typeof vectorInstructions;
