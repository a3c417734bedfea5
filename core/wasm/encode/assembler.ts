/**
 * Writes WebAssembly binaries: modules that import memories and functions, and export functions.
 *
 * Format: the WebAssembly core specification, section "Binary Format".
 *
 * @module
 */

import { Bytes, bytesKey } from "./bytes.ts";
import { type Instruction, instructions, type Opcode } from "./opcodes.ts";

/** The type of a local, a parameter or a result. */
export type WasmType = "i32" | "i64" | "f32" | "f64" | "v128";

const valueTypes: Record<WasmType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const EMPTY_BLOCK = 0x40;

/** A sequence of instructions. Every method appends to it and returns it. */
export class Code {
  readonly bytes = new Bytes();
  /** The positions between statements, where the operand stack is empty and no block is open. */
  readonly #cuts: number[] = [];

  /** One instruction. Its operands are a function, a label, a byte offset or lanes, depending on the instruction. */
  op(name: Opcode, ...operands: number[]): this {
    const { bytes } = this;
    const { prefix, code, immediate }: Instruction = instructions[name];
    if (prefix === undefined) bytes.byte(code);
    else bytes.byteAndUnsigned(prefix, code);
    switch (immediate.kind) {
      case "memory":
        bytes.byteAndUnsigned(immediate.align, operands[0] ?? 0);
        break;
      case "memoryLane":
        bytes.byteAndUnsigned(immediate.align, operands[1] ?? 0).byte(operands[0]);
        break;
      case "index":
        bytes.unsigned(operands[0]);
        break;
      default:
        for (const operand of operands) bytes.byte(operand);
    }
    return this;
  }

  get(local: number): this {
    this.bytes.byteAndUnsigned(0x20, local);
    return this;
  }

  set(local: number): this {
    this.bytes.byteAndUnsigned(0x21, local);
    return this;
  }

  tee(local: number): this {
    this.bytes.byteAndUnsigned(0x22, local);
    return this;
  }

  i32(value: number): this {
    this.bytes.byte(0x41).signed(value);
    return this;
  }

  i64(value: bigint): this {
    this.bytes.byte(0x42).signedLong(BigInt.asIntN(64, value));
    return this;
  }

  f64(value: number): this {
    this.bytes.byte(0x44).double(value);
    return this;
  }

  /** Four 32-bit words. */
  i32x4(words: readonly number[]): this {
    this.bytes.byte(0xfd).byte(0x0c);
    for (const word of words) for (let shift = 0; shift < 32; shift += 8) this.bytes.byte((word >>> shift) & 0xff);
    return this;
  }

  /** The same single in all four lanes. */
  f32x4(value: number): this {
    this.bytes.byte(0x43).single(value);
    return this.op("f32x4.splat");
  }

  block(): this {
    this.bytes.byte(0x02).byte(EMPTY_BLOCK);
    return this;
  }

  loop(): this {
    this.bytes.byte(0x03).byte(EMPTY_BLOCK);
    return this;
  }

  if(result?: WasmType): this {
    this.bytes.byte(0x04).byte(result ? valueTypes[result] : EMPTY_BLOCK);
    return this;
  }

  else(): this {
    this.bytes.byte(0x05);
    return this;
  }

  end(): this {
    this.bytes.byte(0x0b);
    return this;
  }

  append(other: Code): this {
    this.bytes.append(other.bytes);
    return this;
  }

  /** Writes a statement, which leaves nothing on the operand stack. */
  statement(write: (code: this) => void): this {
    const follows = this.bytes.length === (this.#cuts.at(-1) ?? 0);
    write(this);
    if (follows) this.#cuts.push(this.bytes.length);
    return this;
  }

  /** Appends sequences that do not depend on each other, taking one statement of each in turn. */
  interleave(others: readonly Code[]): this {
    const turns = Math.max(...others.map((other) => other.#cuts.length));
    for (let turn = 0; turn <= turns; turn++) for (const other of others) this.#appendStatement(other, turn);
    return this;
  }

  #appendStatement(other: Code, turn: number): void {
    const { bytes } = other;
    const cuts = other.#cuts;
    if (turn <= cuts.length) this.bytes.append(bytes, cuts[turn - 1] ?? 0, cuts[turn] ?? bytes.length);
  }
}

/** Bytes that the declarations of a function's locals seldom exceed. */
const LOCALS_ROOM = 256;

/** The most bytes of the number that states a length. */
const LENGTH_ROOM = 5;

/** A function being written. Its parameters are its first locals. */
export class FunctionWriter {
  /** Code that runs before `code`. Locals set here are set everywhere. */
  readonly prologue = new Code();
  readonly code = new Code();
  readonly #locals: WasmType[] = [];

  constructor(readonly params: readonly WasmType[], readonly results: readonly WasmType[] = []) {}

  /** A new local, zero at the start of the function. */
  local(type: WasmType): number {
    this.#locals.push(type);
    return this.params.length + this.#locals.length - 1;
  }

  /** The function's entry in the code section. */
  body(): Uint8Array<ArrayBuffer> {
    const groups: [WasmType, number][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.[0] === type) last[1]++;
      else groups.push([type, 1]);
    }
    const length = this.prologue.bytes.length + this.code.bytes.length;
    const bytes = new Bytes(length + LOCALS_ROOM).unsigned(groups.length);
    for (const [type, count] of groups) bytes.unsigned(count).byte(valueTypes[type]);
    bytes.append(this.prologue.bytes).append(this.code.bytes).byte(0x0b);
    return new Bytes(bytes.length + LENGTH_ROOM).sized(bytes).copy();
  }
}

/** An import of a module from `env`: the memory that all threads share, or a function. */
export type Import =
  | { readonly name: string; readonly pages: number }
  | { readonly name: string; readonly params: readonly WasmType[] };

/** The memory that all threads share, of at most `pages` pages of 64 KiB. */
export const sharedMemory = (pages: number): Import => ({ name: "memory", pages });

/** A module being written. */
export class ModuleWriter {
  readonly #types: string[] = [];
  readonly #typeSection = new Bytes();
  readonly #functions: { type: number; body: Uint8Array }[] = [];
  readonly #known = new Map<string, number>();
  readonly #exports: { name: string; index: number }[] = [];
  /** The number of imported functions, whose indices come first. */
  readonly #imported: number;

  constructor(readonly imports: readonly Import[]) {
    this.#imported = imports.filter((one) => "params" in one).length;
  }

  /** Adds a function and returns its index; equal functions become one. */
  add(writer: FunctionWriter): number {
    const type = this.#type(writer);
    const body = writer.body();
    const key = `${type} ${bytesKey(body)}`;
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#imported + this.#functions.push({ type, body }) - 1;
      this.#known.set(key, index);
    }
    return index;
  }

  /** The bytes of a function of this module. */
  sizeOf(index: number): number {
    return this.#functions[index - this.#imported].body.length;
  }

  export(name: string, index: number): void {
    this.#exports.push({ name, index });
  }

  /** The whole module. */
  bytes(): Uint8Array<ArrayBuffer> {
    const imports = new Bytes().unsigned(this.imports.length);
    for (const one of this.imports) this.#import(text(text(imports, "env"), one.name), one);
    const functions = new Bytes().unsigned(this.#functions.length);
    const size = this.#functions.reduce((sum, { body }) => sum + body.length, 0);
    const code = new Bytes(size + LENGTH_ROOM).unsigned(this.#functions.length);
    for (const { type, body } of this.#functions) {
      functions.unsigned(type);
      code.append(body);
    }
    const exports = new Bytes().unsigned(this.#exports.length);
    for (const { name, index } of this.#exports) text(exports, name).byte(0x00).unsigned(index);
    const types = new Bytes().unsigned(this.#types.length).append(this.#typeSection);
    const module = new Bytes(2 * size).append(HEADER);
    for (const [id, section] of [[1, types], [2, imports], [3, functions], [7, exports], [10, code]] as const) {
      module.byte(id).sized(section);
    }
    return module.copy();
  }

  #import(bytes: Bytes, one: Import): void {
    if ("params" in one) bytes.byte(0x00).unsigned(this.#type({ params: one.params, results: [] }));
    else bytes.byte(0x02).byte(0x03).unsigned(1).unsigned(one.pages);
  }

  #type({ params, results }: Pick<FunctionWriter, "params" | "results">): number {
    const key = `${params} ${results}`;
    const known = this.#types.indexOf(key);
    if (known >= 0) return known;
    this.#typeSection.byte(0x60);
    for (const types of [params, results]) {
      this.#typeSection.unsigned(types.length);
      for (const one of types) this.#typeSection.byte(valueTypes[one]);
    }
    return this.#types.push(key) - 1;
  }
}

/** The magic number and the version. */
const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function text(bytes: Bytes, value: string): Bytes {
  return bytes.sized(new TextEncoder().encode(value));
}
