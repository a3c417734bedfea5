/**
 * The WebAssembly instructions that the generated code uses, with their codes and immediates.
 *
 * Codes: the WebAssembly core specification, section "Index of Instructions"; the threads and relaxed SIMD proposals.
 *
 * @module
 */

/** The immediates after an instruction's code; `align` is the logarithm of the natural alignment. */
export type Immediate =
  | { readonly kind: "none" | "lane" | "shuffle" | "index" | "fence" }
  | { readonly kind: "memory" | "memoryLane"; readonly align: number };

/** One instruction. */
export interface Instruction {
  readonly prefix?: number;
  readonly code: number;
  readonly immediate: Immediate;
}

const none: Immediate = { kind: "none" };
const plain = (code: number): Instruction => ({ code, immediate: none });
const index = (code: number): Instruction => ({ code, immediate: { kind: "index" } });
const memory = (code: number, align: number): Instruction => ({ code, immediate: { kind: "memory", align } });
const simd = (code: number): Instruction => ({ prefix: 0xfd, code, immediate: none });
const lane = (code: number): Instruction => ({ prefix: 0xfd, code, immediate: { kind: "lane" } });
const simdMemory = (code: number, align: number): Instruction => ({
  prefix: 0xfd,
  code,
  immediate: { kind: "memory", align },
});
const laneMemory = (code: number, align: number): Instruction => ({
  prefix: 0xfd,
  code,
  immediate: { kind: "memoryLane", align },
});
const atomic = (code: number, align: number): Instruction => ({
  prefix: 0xfe,
  code,
  immediate: { kind: "memory", align },
});

/** Every instruction by its name in the text format. */
export const instructions = {
  "unreachable": plain(0x00),
  "return": plain(0x0f),
  "call": index(0x10),
  "drop": plain(0x1a),
  "select": plain(0x1b),
  "br": index(0x0c),
  "br_if": index(0x0d),

  "i32.load": memory(0x28, 2),
  "i64.load": memory(0x29, 3),
  "f64.load": memory(0x2b, 3),
  "i64.load32_u": memory(0x35, 2),
  "i32.store": memory(0x36, 2),

  "i32.eqz": plain(0x45),
  "i32.eq": plain(0x46),
  "i32.ne": plain(0x47),
  "i32.lt_s": plain(0x48),
  "i32.lt_u": plain(0x49),
  "i32.gt_s": plain(0x4a),
  "i32.gt_u": plain(0x4b),
  "i32.le_s": plain(0x4c),
  "i32.le_u": plain(0x4d),
  "i32.ge_s": plain(0x4e),
  "i32.ge_u": plain(0x4f),
  "i64.eqz": plain(0x50),
  "i64.eq": plain(0x51),
  "f64.lt": plain(0x63),
  "f64.gt": plain(0x64),
  "f64.ge": plain(0x66),

  "i32.clz": plain(0x67),
  "i32.add": plain(0x6a),
  "i32.sub": plain(0x6b),
  "i32.mul": plain(0x6c),
  "i32.div_s": plain(0x6d),
  "i32.div_u": plain(0x6e),
  "i32.rem_s": plain(0x6f),
  "i32.rem_u": plain(0x70),
  "i32.and": plain(0x71),
  "i32.or": plain(0x72),
  "i32.xor": plain(0x73),
  "i32.shl": plain(0x74),
  "i32.shr_s": plain(0x75),
  "i32.shr_u": plain(0x76),
  "i64.add": plain(0x7c),
  "i64.sub": plain(0x7d),
  "i64.mul": plain(0x7e),
  "i64.and": plain(0x83),
  "i64.or": plain(0x84),
  "i64.shl": plain(0x86),
  "i64.shr_s": plain(0x87),
  "i64.shr_u": plain(0x88),

  "f64.abs": plain(0x99),
  "f64.neg": plain(0x9a),
  "f64.trunc": plain(0x9d),
  "f64.nearest": plain(0x9e),
  "f64.add": plain(0xa0),
  "f64.sub": plain(0xa1),
  "f64.mul": plain(0xa2),
  "f64.div": plain(0xa3),
  "f64.copysign": plain(0xa6),
  "i32.wrap_i64": plain(0xa7),
  "i64.extend_i32_s": plain(0xac),
  "i64.extend_i32_u": plain(0xad),
  "f32.demote_f64": plain(0xb6),
  "f64.convert_i32_s": plain(0xb7),
  "f64.convert_i64_s": plain(0xb9),
  "f64.promote_f32": plain(0xbb),
  "i32.reinterpret_f32": plain(0xbc),
  "i64.reinterpret_f64": plain(0xbd),
  "f64.reinterpret_i64": plain(0xbf),

  "v128.load": simdMemory(0x00, 2),
  "v128.load32_splat": simdMemory(0x09, 2),
  "v128.load64_splat": simdMemory(0x0a, 2),
  "v128.load32_zero": simdMemory(0x5c, 2),
  "v128.load64_zero": simdMemory(0x5d, 2),
  "v128.store": simdMemory(0x0b, 2),
  "v128.load32_lane": laneMemory(0x56, 2),
  "v128.store32_lane": laneMemory(0x5a, 2),
  "v128.store64_lane": laneMemory(0x5b, 2),
  "i8x16.shuffle": { prefix: 0xfd, code: 0x0d, immediate: { kind: "shuffle" } } as Instruction,
  "i8x16.swizzle": simd(0x0e),
  "i32x4.splat": simd(0x11),
  "f32x4.splat": simd(0x13),
  "f64x2.splat": simd(0x14),
  "i32x4.extract_lane": lane(0x1b),
  "i32x4.replace_lane": lane(0x1c),
  "f32x4.extract_lane": lane(0x1f),
  "f32x4.replace_lane": lane(0x20),
  "f64x2.extract_lane": lane(0x21),

  "i32x4.eq": simd(0x37),
  "i32x4.ne": simd(0x38),
  "i32x4.lt_s": simd(0x39),
  "i32x4.lt_u": simd(0x3a),
  "i32x4.gt_s": simd(0x3b),
  "i32x4.gt_u": simd(0x3c),
  "i32x4.le_s": simd(0x3d),
  "i32x4.le_u": simd(0x3e),
  "i32x4.ge_s": simd(0x3f),
  "i32x4.ge_u": simd(0x40),
  "f32x4.eq": simd(0x41),
  "f32x4.ne": simd(0x42),
  "f32x4.lt": simd(0x43),
  "f32x4.gt": simd(0x44),
  "f32x4.le": simd(0x45),
  "f32x4.ge": simd(0x46),
  "f64x2.eq": simd(0x47),
  "f64x2.ne": simd(0x48),
  "f64x2.lt": simd(0x49),
  "f64x2.gt": simd(0x4a),

  "v128.not": simd(0x4d),
  "v128.and": simd(0x4e),
  "v128.andnot": simd(0x4f),
  "v128.or": simd(0x50),
  "v128.xor": simd(0x51),
  "v128.bitselect": simd(0x52),
  "v128.any_true": simd(0x53),
  "f32x4.demote_f64x2_zero": simd(0x5e),
  "f64x2.promote_low_f32x4": simd(0x5f),
  "f32x4.ceil": simd(0x67),
  "f32x4.floor": simd(0x68),
  "f32x4.trunc": simd(0x69),
  "f32x4.nearest": simd(0x6a),
  "f64x2.nearest": simd(0x94),

  "i32x4.abs": simd(0xa0),
  "i32x4.neg": simd(0xa1),
  "i32x4.all_true": simd(0xa3),
  "i32x4.bitmask": simd(0xa4),
  "i32x4.shl": simd(0xab),
  "i32x4.shr_s": simd(0xac),
  "i32x4.shr_u": simd(0xad),
  "i32x4.add": simd(0xae),
  "i32x4.sub": simd(0xb1),
  "i32x4.mul": simd(0xb5),
  "i32x4.min_s": simd(0xb6),
  "i32x4.min_u": simd(0xb7),
  "i32x4.max_s": simd(0xb8),
  "i32x4.max_u": simd(0xb9),
  "i64x2.shl": simd(0xcb),
  "i64x2.shr_s": simd(0xcc),
  "i64x2.shr_u": simd(0xcd),
  "i64x2.add": simd(0xce),
  "i64x2.sub": simd(0xd1),

  "f32x4.abs": simd(0xe0),
  "f32x4.neg": simd(0xe1),
  "f32x4.sqrt": simd(0xe3),
  "f32x4.add": simd(0xe4),
  "f32x4.sub": simd(0xe5),
  "f32x4.mul": simd(0xe6),
  "f32x4.div": simd(0xe7),
  "f32x4.min": simd(0xe8),
  "f32x4.max": simd(0xe9),
  "f32x4.pmin": simd(0xea),
  "f32x4.pmax": simd(0xeb),
  "f64x2.abs": simd(0xec),
  "f64x2.neg": simd(0xed),
  "f64x2.add": simd(0xf0),
  "f64x2.sub": simd(0xf1),
  "f64x2.mul": simd(0xf2),
  "f64x2.div": simd(0xf3),
  "f64x2.min": simd(0xf4),
  "f64x2.max": simd(0xf5),
  "i32x4.trunc_sat_f32x4_s": simd(0xf8),
  "i32x4.trunc_sat_f32x4_u": simd(0xf9),
  "f32x4.convert_i32x4_s": simd(0xfa),
  "f32x4.convert_i32x4_u": simd(0xfb),
  "i32x4.trunc_sat_f64x2_s_zero": simd(0xfc),
  "f64x2.convert_low_i32x4_s": simd(0xfe),
  "f32x4.relaxed_madd": simd(0x105),
  "f32x4.relaxed_nmadd": simd(0x106),
  "f64x2.relaxed_madd": simd(0x107),
  "i32x4.relaxed_laneselect": simd(0x10b),

  "memory.atomic.notify": atomic(0x00, 2),
  "memory.atomic.wait32": atomic(0x01, 2),
  "i32.atomic.load": atomic(0x10, 2),
  "i32.atomic.store": atomic(0x17, 2),
  "i32.atomic.rmw.add": atomic(0x1e, 2),
  "i32.atomic.rmw.or": atomic(0x33, 2),
  "i32.atomic.rmw.cmpxchg": atomic(0x48, 2),
} as const satisfies Record<string, Instruction>;

/** The name of an instruction. */
export type Opcode = keyof typeof instructions;

const results: Readonly<Record<string, "i32" | "i64" | "f32" | "f64" | "v128">> = {
  i32: "i32",
  i64: "i64",
  f32: "f32",
  f64: "f64",
  select: "i32",
  "i32x4.extract_lane": "i32",
  "i32x4.all_true": "i32",
  "i32x4.bitmask": "i32",
  "v128.any_true": "i32",
  "f32x4.extract_lane": "f32",
  "f64x2.extract_lane": "f64",
  "i64.eqz": "i32",
  "i64.eq": "i32",
  "f64.lt": "i32",
  "f64.gt": "i32",
  "f64.ge": "i32",
};

type ResultType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Looked up for each instruction of a program. */
const resultTypes: ReadonlyMap<string, ResultType> = new Map(
  Object.keys(instructions).map((name) => [name, results[name] ?? results[name.slice(0, name.indexOf("."))] ?? "v128"]),
);

/** The type of an instruction's result. */
export function resultTypeOf(name: Opcode): ResultType {
  return resultTypes.get(name)!;
}
