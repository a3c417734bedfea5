/**
 * The instructions for each scalar operation, on four lanes and on whole numbers that are the same in all lanes.
 *
 * In lanes, an f32 is a single, an i32 or u32 is a word, and a bool is a mask (all bits of the lane are set or clear).
 * As a scalar, a bool is 0 or 1.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { ScalarTypes } from "../../scalar/facts.ts";
import type { ScalarOp } from "../../scalar/operations.ts";
import { selectLanes, writeErf, writeExp, writeLog, writeSigmoid, writeTanh } from "./math.ts";
import type { Opcode } from "../encode/opcodes.ts";
import type { CodeScope, Local } from "./code_scope.ts";
import { writePow, writeRemainder } from "./power.ts";
import { writeThreefry } from "./threefry.ts";
import { writeCos, writeSin } from "./trigonometry.ts";

/** Writes one operation on locals and returns the local of its result. */
export type Operation = (m: CodeScope, args: readonly Local[], types: ScalarTypes) => Local;

type ByType = Partial<Record<DType, Opcode>>;

/** One instruction, chosen by the type of the first argument. */
const direct = (opcodes: ByType): Operation => (m, args, { from }) => {
  const opcode = opcodes[from];
  if (!opcode) throw new TypeError(`Cannot write the operation: it is not defined for ${from}`);
  return m.op(opcode, args);
};

/** The same, for an operation that leaves values of other types unchanged. */
const directOrSame = (opcodes: ByType): Operation => (m, [x], { from }) => {
  const opcode = opcodes[from];
  return opcode ? m.op(opcode, [x]) : x;
};

const same = (opcode: Opcode): ByType => ({ f32: opcode, i32: opcode, u32: opcode, bool: opcode });
const words = (opcode: Opcode): ByType => ({ i32: opcode, u32: opcode, bool: opcode });

/** A scalar operation applied to each lane. */
const laneByLane = (operation: Operation): Operation => (m, args, types) => {
  let result = m.i32x4(0);
  for (let lane = 0; lane < 4; lane++) {
    const one = operation(m, args.map((arg) => m.op("i32x4.extract_lane", [arg], lane)), types);
    result = m.op("i32x4.replace_lane", [result, one], lane);
  }
  return result;
};

const vectorCasts: Record<DType, Partial<Record<DType, (m: CodeScope, x: Local) => Local>>> = {
  f32: {
    i32: (m, x) => m.op("i32x4.trunc_sat_f32x4_s", [x]),
    u32: (m, x) => m.op("i32x4.trunc_sat_f32x4_u", [x]),
    bool: (m, x) => m.op("f32x4.ne", [x, m.f32(0)]),
  },
  i32: {
    f32: (m, x) => m.op("f32x4.convert_i32x4_s", [x]),
    bool: (m, x) => m.op("i32x4.ne", [x, m.i32x4(0)]),
  },
  u32: {
    f32: (m, x) => m.op("f32x4.convert_i32x4_u", [x]),
    bool: (m, x) => m.op("i32x4.ne", [x, m.i32x4(0)]),
  },
  bool: {
    f32: (m, x) => m.op("v128.and", [x, m.f32(1)]),
    i32: (m, x) => m.op("v128.and", [x, m.i32x4(1)]),
    u32: (m, x) => m.op("v128.and", [x, m.i32x4(1)]),
  },
};

/** −1, 0 or 1; NaN and −0 are unchanged. */
function signOf(m: CodeScope, x: Local, { from }: ScalarTypes): Local {
  if (from === "f32") {
    const signed = m.op("v128.bitselect", [x, m.f32(1), m.i32x4(-0x80000000)]);
    const ordered = m.op("v128.or", [m.op("f32x4.lt", [x, m.f32(0)]), m.op("f32x4.gt", [x, m.f32(0)])]);
    return selectLanes(m, ordered, [signed, x]);
  }
  const positive = m.op("v128.and", [m.op("i32x4.ne", [x, m.i32x4(0)]), m.i32x4(1)]);
  return from === "i32" ? m.op("v128.or", [positive, m.op("i32x4.shr_s", [x, m.i32(31)])]) : positive;
}

const scalarDivide: Operation = (m, [a, b], { from }) => {
  const zero = m.op("i32.eqz", [b]);
  const one = m.i32(1);
  if (from === "u32") {
    const quotient = m.op("i32.div_u", [a, m.op("select", [one, b, zero])]);
    return m.op("select", [m.i32(0), quotient, zero]);
  }
  // −2³¹ / −1 traps, as does a division by 0.
  const negates = m.op("i32.eq", [b, m.i32(-1)]);
  const divisor = m.op("select", [one, b, m.op("i32.or", [zero, negates])]);
  const quotient = m.op("i32.div_s", [a, divisor]);
  const signed = m.op("select", [m.op("i32.sub", [m.i32(0), a]), quotient, negates]);
  return m.op("select", [m.i32(0), signed, zero]);
};

const scalarRemainder: Operation = (m, [a, b], { from }) => {
  const zero = m.op("i32.eqz", [b]);
  const divisor = m.op("select", [m.i32(1), b, zero]);
  return m.op(from === "u32" ? "i32.rem_u" : "i32.rem_s", [a, divisor]);
};

/** A known divisor of lanes of a type. */
interface Divisor {
  readonly divisor: number;
  readonly dtype: DType;
}

/** Quotient and remainder of lanes by a known whole number. */
export const byConstant: Partial<Record<ScalarOp, (m: CodeScope, x: Local, by: Divisor) => Local>> = {
  div: quotientBy,
  mod: (m, x, by) => {
    const whole = m.op("i32x4.mul", [quotientBy(m, x, by), m.i32x4(by.divisor)]);
    return m.op("i32x4.sub", [x, whole]);
  },
};

/**
 * The maximum and the minimum of singles and a known number. NaN stays NaN. Of two zeros, the unknown one is the
 * result.
 */
export const limitedBy: Partial<Record<ScalarOp, (m: CodeScope, x: Local, limit: number) => Local>> = {
  max: (m, x, limit) => m.op("f32x4.pmax", [x, m.f32(limit)]),
  min: (m, x, limit) => m.op("f32x4.pmin", [x, m.f32(limit)]),
};

function quotientBy(m: CodeScope, x: Local, { divisor, dtype }: Divisor): Local {
  const bits = Math.log2(divisor);
  if (!Number.isInteger(bits)) {
    const opcode = dtype === "u32" ? "i32.div_u" : "i32.div_s";
    return laneByLane((m, [lane]) => m.op(opcode, [lane, m.i32(divisor)]))(m, [x], { to: dtype, from: dtype });
  }
  if (dtype === "u32") return m.op("i32x4.shr_u", [x, m.i32(bits)]);
  // A shift rounds down. Adding divisor − 1 to negative numbers makes it round toward zero.
  const correction = m.op("v128.and", [m.op("i32x4.shr_s", [x, m.i32(31)]), m.i32x4(divisor - 1)]);
  return m.op("i32x4.shr_s", [m.op("i32x4.add", [x, correction]), m.i32(bits)]);
}

const compare = (signedName: string): Operation =>
  direct({
    f32: `f32x4.${signedName}` as Opcode,
    i32: `i32x4.${signedName}_s` as Opcode,
    u32: `i32x4.${signedName}_u` as Opcode,
    bool: `i32x4.${signedName}_u` as Opcode,
  });

const shift = (opcodes: ByType): Operation => laneByLane(direct(opcodes));
const shiftLeft = words("i32.shl");
const shiftRight: ByType = { i32: "i32.shr_s", u32: "i32.shr_u" };

const isZero = (m: CodeScope, x: Local): Local => m.op("i32x4.eq", [x, m.i32x4(0)]);
const negations: Record<DType, (m: CodeScope, x: Local) => Local> = {
  f32: (m, x) => m.op("f32x4.eq", [x, m.f32(0)]),
  i32: isZero,
  u32: isZero,
  bool: (m, x) => m.op("v128.not", [x]),
};

/** An operation on four lanes. */
interface VectorOperation {
  /** Rough cost in cycles. */
  readonly cycles: number;
  /** Writes the instructions. */
  readonly write: Operation;
}

const cheap = (write: Operation): VectorOperation => ({ cycles: 1, write });
const costing = (cycles: number, write: Operation): VectorOperation => ({ cycles, write });

/** Operations on lanes. */
export const vectorOperations: Record<ScalarOp, VectorOperation> = {
  neg: cheap(direct({ f32: "f32x4.neg", i32: "i32x4.neg", u32: "i32x4.neg" })),
  abs: cheap(directOrSame({ f32: "f32x4.abs", i32: "i32x4.abs" })),
  sign: cheap((m, [x], types) => signOf(m, x, types)),
  exp: costing(10, (m, [x]) => writeExp(m, x)),
  log: costing(15, (m, [x]) => writeLog(m, x)),
  sqrt: costing(4, direct({ f32: "f32x4.sqrt" })),
  sin: costing(20, (m, [x]) => writeSin(m, x)),
  cos: costing(20, (m, [x]) => writeCos(m, x)),
  tanh: costing(15, (m, [x]) => writeTanh(m, x)),
  sigmoid: costing(15, (m, [x]) => writeSigmoid(m, x)),
  erf: costing(25, (m, [x]) => writeErf(m, x)),
  floor: cheap(directOrSame({ f32: "f32x4.floor" })),
  not: cheap((m, [x], { from }) => negations[from](m, x)),
  cast: cheap((m, [x], { from, to }) => vectorCasts[from][to]?.(m, x) ?? x),
  bitcast: cheap((_, [x]) => x),
  add: cheap(direct({ f32: "f32x4.add", i32: "i32x4.add", u32: "i32x4.add", bool: "v128.or" })),
  sub: cheap(direct({ f32: "f32x4.sub", i32: "i32x4.sub", u32: "i32x4.sub", bool: "v128.xor" })),
  mul: cheap(direct({ f32: "f32x4.mul", i32: "i32x4.mul", u32: "i32x4.mul", bool: "v128.and" })),
  div: costing(
    4,
    (m, args, types) => types.from === "f32" ? m.op("f32x4.div", args) : laneByLane(scalarDivide)(m, args, types),
  ),
  mod: costing(
    8,
    (m, args, types) =>
      types.from === "f32" ? writeRemainder(m, args[0], args[1]) : laneByLane(scalarRemainder)(m, args, types),
  ),
  max: cheap(direct({ f32: "f32x4.max", i32: "i32x4.max_s", u32: "i32x4.max_u", bool: "v128.or" })),
  min: cheap(direct({ f32: "f32x4.min", i32: "i32x4.min_s", u32: "i32x4.min_u", bool: "v128.and" })),
  pow: costing(40, (m, [a, b]) => writePow(m, a, b)),
  lt: cheap(compare("lt")),
  le: cheap(compare("le")),
  eq: cheap(direct({ f32: "f32x4.eq", i32: "i32x4.eq", u32: "i32x4.eq", bool: "i32x4.eq" })),
  ne: cheap(direct({ f32: "f32x4.ne", i32: "i32x4.ne", u32: "i32x4.ne", bool: "i32x4.ne" })),
  and: cheap(direct(same("v128.and"))),
  or: cheap(direct(same("v128.or"))),
  xor: cheap(direct(same("v128.xor"))),
  shl: cheap(shift(shiftLeft)),
  shr: cheap(shift(shiftRight)),
  where: cheap((m, [mask, a, b]) => selectLanes(m, mask, [a, b])),
  threefry: costing(100, (m, args) => writeThreefry(m, args)),
};

/** Operations of at least this many cycles take as long as many loads. */
const COSTLY = 10;

/** Whether an operation takes as long as many loads. */
export function isCostly(op: ScalarOp): boolean {
  return vectorOperations[op].cycles >= COSTLY;
}

/** Shifts of all lanes by one count, which is a scalar. */
export const uniformShifts: Partial<Record<ScalarOp, Operation>> = {
  shl: direct(words("i32x4.shl")),
  shr: direct({ i32: "i32x4.shr_s", u32: "i32x4.shr_u" }),
};

const truth: Operation = (m, [x], { from, to }) => to === "bool" && from !== "bool" ? m.op("i32.ne", [x, m.i32(0)]) : x;
const pick = (signed: Opcode, unsigned: Opcode): Operation => (m, [a, b], { from }) =>
  m.op("select", [a, b, m.op(from === "i32" ? signed : unsigned, [a, b])]);

/** Operations on whole numbers and bools that are the same in all lanes. Others are computed in lanes. */
export const scalarOperations: Partial<Record<ScalarOp, Operation>> = {
  neg: (m, [x]) => m.op("i32.sub", [m.i32(0), x]),
  not: (m, [x]) => m.op("i32.eqz", [x]),
  cast: truth,
  bitcast: (_, [x]) => x,
  add: direct({ i32: "i32.add", u32: "i32.add", bool: "i32.or" }),
  sub: direct({ i32: "i32.sub", u32: "i32.sub", bool: "i32.xor" }),
  mul: direct({ i32: "i32.mul", u32: "i32.mul", bool: "i32.and" }),
  div: scalarDivide,
  mod: scalarRemainder,
  max: pick("i32.gt_s", "i32.gt_u"),
  min: pick("i32.lt_s", "i32.lt_u"),
  lt: direct({ i32: "i32.lt_s", u32: "i32.lt_u", bool: "i32.lt_u" }),
  le: direct({ i32: "i32.le_s", u32: "i32.le_u", bool: "i32.le_u" }),
  eq: direct(words("i32.eq")),
  ne: direct(words("i32.ne")),
  and: direct(words("i32.and")),
  or: direct(words("i32.or")),
  xor: direct(words("i32.xor")),
  shl: direct(shiftLeft),
  shr: direct(shiftRight),
  where: (m, [condition, a, b]) => m.op("select", [a, b, condition]),
};
