/**
 * Relaxed SIMD where the engine has it, and what replaces it elsewhere (Node 20, Safari): a product and a sum,
 * each rounded. Results then differ in the last digits from those of machines that round once.
 *
 * @module
 */

import type { Code } from "./assembler.ts";
import type { Opcode } from "./opcodes.ts";

/** A module with one function that returns `f32x4.relaxed_madd` of three vectors. */
const probe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
);

/** Whether this engine has relaxed SIMD. */
export const hasRelaxedSimd: boolean = WebAssembly.validate(probe);

type Relaxed = Extract<Opcode, `${string}.relaxed_${string}`>;

/** What replaces `relaxed(a, b, c)`: `outer(c, inner(a, b))`, or one instruction of the same operands. */
type StandIn = { readonly same: Opcode } | { readonly inner: Opcode; readonly outer: Opcode };

const standIns: Record<Relaxed, StandIn> = {
  "f32x4.relaxed_madd": { inner: "f32x4.mul", outer: "f32x4.add" },
  "f32x4.relaxed_nmadd": { inner: "f32x4.mul", outer: "f32x4.sub" },
  "f64x2.relaxed_madd": { inner: "f64x2.mul", outer: "f64x2.add" },
  "i32x4.relaxed_laneselect": { same: "v128.bitselect" },
};

const isRelaxed = (name: Opcode): name is Relaxed => Object.hasOwn(standIns, name);

/** What an instruction works on: locals, and its lanes or its offset. */
export interface Operands {
  readonly args: readonly number[];
  readonly immediates?: readonly number[];
}

/**
 * Pushes the result of an instruction on locals; where the engine lacks the instruction, others compute it.
 */
export function operate(code: Code, name: Opcode, { args, immediates = [] }: Operands): Code {
  if (hasRelaxedSimd || !isRelaxed(name)) {
    for (const arg of args) code.get(arg);
    return code.op(name, ...immediates);
  }
  const [a, b, c] = args;
  const standIn = standIns[name];
  if ("same" in standIn) return code.get(a).get(b).get(c).op(standIn.same);
  return code.get(c).get(a).get(b).op(standIn.inner).op(standIn.outer);
}
