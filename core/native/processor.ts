/**
 * The instruction sets of this processor.
 *
 * Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, sections 14.3 and 15.2 (detection of
 * AVX, FMA, AVX2 and AVX-512), and volume 2, CPUID and XGETBV.
 *
 * @module
 */

import { MachineCode } from "./encode/assembler.ts";
import { registers } from "./encode/instructions.ts";
import { AVX2, AVX512, type InstructionSet } from "./instruction_sets.ts";
import type { System } from "./systems.ts";

const { rax, rbx, rcx, rdx, r8, r9 } = registers;

/** What the processor says about itself, each as 32 bits. */
export interface ProcessorWords {
  /** The largest number for which CPUID has an answer. */
  readonly largest: number;
  /** ECX of answer 1. */
  readonly basic: number;
  /** EBX of answer 7. */
  readonly extended: number;
  /** The registers that the system saves when it switches threads, if it says so; otherwise 0. */
  readonly saved: number;
}

/** The number of words that the code of `writeProcessorQuery` stores. */
export const PROCESSOR_WORDS = 4;

/** The bit of `basic` that allows XGETBV. */
const SYSTEM_SAVES = 1 << 27;

/** The code of a function that stores the four words at the address that is its first argument, and returns 0. */
export function writeProcessorQuery({ parameters: [target] }: System): Uint8Array<ArrayBuffer> {
  const code = new MachineCode();
  const end = code.label();
  const ask = (leaf: number): MachineCode =>
    code.op("xor r32, r32", rax, rax).op("add r64, i32", rax, leaf).op("xor r32, r32", rcx, rcx).op("cpuid");
  // CPUID changes rax, rbx, rcx and rdx.
  code.op("push r64", rbx).op("mov r64, r64", r8, target);
  ask(0).op("mov m32, r32", r8, 0, rax);
  ask(1).op("mov m32, r32", r8, 4, rcx).op("mov r32, r32", r9, rcx);
  ask(7).op("mov m32, r32", r8, 8, rbx);
  code.op("xor r32, r32", rdx, rdx).op("mov m32, r32", r8, 12, rdx);
  code.op("and r32, i32", r9, SYSTEM_SAVES).jump("je", end);
  code.op("xor r32, r32", rcx, rcx).op("xgetbv").op("mov m32, r32", r8, 12, rax);
  return code.bind(end).op("xor r32, r32", rax, rax).op("pop r64", rbx).op("ret").copy();
}

const bits = (...positions: number[]): number => positions.reduce((sum, position) => sum | 1 << position, 0);
const has = (word: number, wanted: number): boolean => (word & wanted) === wanted;

/** FMA and AVX. */
const BASIC = bits(12, 28);
const AVX2_BIT = bits(5);
/** The parts F, DQ, BW and VL of AVX-512, which servers and desktops with AVX-512 have had since the first ones. */
const AVX512_BITS = bits(16, 17, 30, 31);
/** The registers of SSE and AVX, and with them those of AVX-512: masks, and two parts of the vectors. */
const AVX_STATE = bits(1, 2);
const AVX512_STATE = AVX_STATE | bits(5, 6, 7);

/**
 * The best instruction set for which there are kernels, or undefined if there is none. With units for vectors of 512
 * bits (Zen 5, most Xeons), the kernels of AVX-512 are up to twice as fast as those of AVX2. With units for 256 bits
 * (Zen 4), both have the same peak.
 */
export function instructionSetOf({ largest, basic, extended, saved }: ProcessorWords): InstructionSet | undefined {
  const hasAvx2 = largest >= 7 && has(basic, BASIC | SYSTEM_SAVES) && has(extended, AVX2_BIT) && has(saved, AVX_STATE);
  if (!hasAvx2) return undefined;
  return has(extended, AVX512_BITS) && has(saved, AVX512_STATE) ? AVX512 : AVX2;
}
