/**
 * Writes WebAssembly binaries: modules that import one shared memory and export functions.
 *
 * Format: the WebAssembly core specification, section "Binary Format".
 *
 * @module
 */

import { instructions, type Opcode } from "./opcodes.ts";

/** The type of a local, a parameter or a result. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const valueTypes: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const EMPTY_BLOCK = 0x40;

/** `value` as an unsigned LEB128 number. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value ? low | 0x80 : low);
  } while (value);
  return bytes;
}

/** `value` as a signed LEB128 number. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  while (true) {
    const low = Number(value & 0x7fn);
    value >>= 7n;
    if ((value === 0n && !(low & 0x40)) || (value === -1n && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

function floatBytes(value: number, width: 4 | 8): number[] {
  if (width === 4) scratch.setFloat32(0, value, true);
  else scratch.setFloat64(0, value, true);
  return Array.from({ length: width }, (_, i) => scratch.getUint8(i));
}

/** A sequence of instructions. Every method appends and returns the sequence itself. */
export class Code {
  readonly bytes: number[] = [];
  /** Where statements end: the operand stack is empty there, and no block is open. */
  readonly #cuts: number[] = [];

  /** One instruction; `operands` are a function or label, a byte offset, lanes, as the instruction asks. */
  op(name: Opcode, ...operands: number[]): this {
    const { prefix, code, immediate } = instructions[name] as {
      prefix?: number;
      code: number;
      immediate: { kind: string; align?: number };
    };
    if (prefix === undefined) this.bytes.push(code);
    else this.bytes.push(prefix, ...unsigned(code));
    if (immediate.kind === "memory" || immediate.kind === "memoryLane") {
      const laneOperand = immediate.kind === "memoryLane" ? [operands[0]] : [];
      const offset = operands[laneOperand.length] ?? 0;
      this.bytes.push(immediate.align!, ...unsigned(offset), ...laneOperand);
    } else if (immediate.kind === "index") this.bytes.push(...unsigned(operands[0]));
    else this.bytes.push(...operands);
    return this;
  }

  get(local: number): this {
    return this.#local(0x20, local);
  }

  set(local: number): this {
    return this.#local(0x21, local);
  }

  tee(local: number): this {
    return this.#local(0x22, local);
  }

  i32(value: number): this {
    this.bytes.push(0x41, ...signed(BigInt(value | 0)));
    return this;
  }

  i64(value: bigint): this {
    this.bytes.push(0x42, ...signed(BigInt.asIntN(64, value)));
    return this;
  }

  f64(value: number): this {
    this.bytes.push(0x44, ...floatBytes(value, 8));
    return this;
  }

  /** Four 32-bit words, given by their bits. */
  i32x4(words: readonly number[]): this {
    this.bytes.push(0xfd, 0x0c);
    for (const word of words) for (let shift = 0; shift < 32; shift += 8) this.bytes.push((word >>> shift) & 0xff);
    return this;
  }

  /** Four times the same single. */
  f32x4(value: number): this {
    this.bytes.push(0x43, ...floatBytes(value, 4));
    return this.op("f32x4.splat");
  }

  block(): this {
    this.bytes.push(0x02, EMPTY_BLOCK);
    return this;
  }

  loop(): this {
    this.bytes.push(0x03, EMPTY_BLOCK);
    return this;
  }

  if(result?: ValueType): this {
    this.bytes.push(0x04, result ? valueTypes[result] : EMPTY_BLOCK);
    return this;
  }

  else(): this {
    this.bytes.push(0x05);
    return this;
  }

  end(): this {
    this.bytes.push(0x0b);
    return this;
  }

  append(other: Code): this {
    for (const byte of other.bytes) this.bytes.push(byte);
    return this;
  }

  /** Writes a statement, which leaves nothing on the operand stack. */
  statement(write: (code: this) => void): this {
    const follows = this.bytes.length === (this.#cuts.at(-1) ?? 0);
    write(this);
    if (follows) this.#cuts.push(this.bytes.length);
    return this;
  }

  /** Appends sequences that do not depend on each other, a statement of each in turn. */
  interleave(others: readonly Code[]): this {
    const turns = Math.max(...others.map((other) => other.#cuts.length));
    for (let turn = 0; turn <= turns; turn++) for (const other of others) this.#appendStatement(other, turn);
    return this;
  }

  #appendStatement(other: Code, turn: number): void {
    const { bytes } = other;
    const cuts = other.#cuts;
    if (turn > cuts.length) return;
    const end = cuts[turn] ?? bytes.length;
    for (let at = cuts[turn - 1] ?? 0; at < end; at++) this.bytes.push(bytes[at]);
  }

  #local(code: number, local: number): this {
    this.bytes.push(code, ...unsigned(local));
    return this;
  }
}

/** One function in the making: its parameters come first among its locals. */
export class FunctionWriter {
  /** Comes before `code`: what is set here is set everywhere. */
  readonly prologue = new Code();
  readonly code = new Code();
  readonly #locals: ValueType[] = [];

  constructor(readonly params: readonly ValueType[], readonly results: readonly ValueType[] = []) {}

  /** A new local, zero at the start of the function. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.params.length + this.#locals.length - 1;
  }

  /** The function's entry in the code section. */
  body(): number[] {
    const groups: [ValueType, number][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.[0] === type) last[1]++;
      else groups.push([type, 1]);
    }
    const locals = vector(groups.map(([type, count]) => [...unsigned(count), valueTypes[type]]));
    return sized([...locals, ...this.prologue.bytes, ...this.code.bytes, 0x0b]);
  }
}

function vector(items: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(items.length);
  for (const item of items) for (const byte of item) bytes.push(byte);
  return bytes;
}

function sized(bytes: readonly number[]): number[] {
  const result = unsigned(bytes.length);
  for (const byte of bytes) result.push(byte);
  return result;
}

const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);

/** A module that imports the shared memory `env.memory` of at most `maximumPages` pages of 64 KiB. */
export class ModuleWriter {
  readonly #types: number[][] = [];
  readonly #functions: { type: number; body: number[] }[] = [];
  readonly #known = new Map<string, number>();
  readonly #exports: number[][] = [];

  constructor(readonly maximumPages: number) {}

  /** Adds a function and returns its index; equal functions become one. */
  add(writer: FunctionWriter): number {
    const type = this.#type(writer);
    const body = writer.body();
    const key = `${type} ${body.join()}`;
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#functions.push({ type, body }) - 1;
      this.#known.set(key, index);
    }
    return index;
  }

  export(name: string, index: number): void {
    this.#exports.push([...text(name), 0x00, ...unsigned(index)]);
  }

  /** The whole module. */
  bytes(): Uint8Array<ArrayBuffer> {
    const shared = 0x03;
    const memory = [...text("env"), ...text("memory"), 0x02, shared, ...unsigned(1), ...unsigned(this.maximumPages)];
    const sections: [number, number[]][] = [
      [1, vector(this.#types)],
      [2, vector([memory])],
      [3, vector(this.#functions.map(({ type }) => unsigned(type)))],
      [7, vector(this.#exports)],
      [10, vector(this.#functions.map(({ body }) => body))],
    ];
    const parts = [[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], ...sections.flatMap(([id, body]) => [[id], sized(body)])];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #type({ params, results }: FunctionWriter): number {
    const type = [
      0x60,
      ...vector(params.map((one) => [valueTypes[one]])),
      ...vector(results.map((one) => [valueTypes[one]])),
    ];
    const key = type.join();
    const known = this.#types.findIndex((other) => other.join() === key);
    return known >= 0 ? known : this.#types.push(type) - 1;
  }
}
