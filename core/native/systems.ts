/**
 * The operating systems on which machine code runs.
 *
 * @module
 */

import { registers } from "./encode/instructions.ts";

const { rbx, rbp, rsi, rdi, r12, r13, r14, r15 } = registers;

/** What machine code and the functions that make it executable must know of an operating system. */
export interface System {
  /** The library of C's functions. */
  readonly library: string;
  /** The registers of the first two arguments of a function. */
  readonly parameters: readonly [number, number];
  /** The general registers that a function must leave unchanged, apart from the stack pointer. */
  readonly preserved: readonly number[];
  /** The flags of `mmap` for private memory without a file. */
  readonly anonymous: number;
}

/** The systems, by their names in `Deno.build.os`. */
export const systems: Readonly<Record<string, System>> = {
  // The ABI of System V. All vector registers may be changed.
  linux: {
    library: "libc.so.6",
    parameters: [rdi, rsi],
    preserved: [rbx, rbp, r12, r13, r14, r15],
    anonymous: 0x22,
  },
};

const names: Readonly<Record<string, string>> = { darwin: "macOS", windows: "Windows", freebsd: "FreeBSD" };

/** The system of a name on an architecture, as `Deno.build` has them, or why machine code does not run there. */
export function systemOf({ os, arch }: { readonly os: string; readonly arch: string }): System | string {
  if (arch !== "x86_64") return `there is no machine code for ${arch} processors, only for x86-64`;
  return systems[os] ?? `machine code was not tried on ${names[os] ?? os}, only on Linux`;
}
