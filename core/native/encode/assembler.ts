/**
 * Writes x86-64 machine code.
 *
 * Format: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2: REX, VEX and EVEX
 * prefixes, ModR/M and SIB bytes.
 *
 * Code is written once, when a program starts and the engine has not optimized anything, so the parts of an instruction
 * have few functions, and these take no arrays apart.
 *
 * @module
 */

import {
  type Instruction,
  instructions,
  type Jump,
  jumps,
  type Opcode,
  type VectorInstruction,
  vectorInstructions,
  type VectorOpcode,
} from "./instructions.ts";

const FIRST_CAPACITY = 1024;
/** No instruction has more bytes. */
const LONGEST = 15;
/** The bytes of the distance of a jump, which end its instruction. */
const DISTANCE = 4;

/** The bytes of a vector with AVX2 or AVX-512. */
export type VectorBytes = 32 | 64;

/** A position in the code, as soon as it is known. */
export interface Label {
  at?: number;
  /** The ends of the jumps to it that were written before it was known. */
  readonly jumps: number[];
}

/** An operand in memory: `offset` bytes after the address in the register `base`. */
interface Address {
  readonly base: number;
  readonly offset: number;
  /** An offset in one byte counts units of this many bytes. */
  readonly unit: number;
}

/** The registers of an instruction on vectors, by the fields for them. That of an address is `m`. */
interface Fields {
  readonly r: number;
  readonly v: number;
  readonly m: number;
  /** The second register of an address that is a sum, otherwise 0. */
  readonly x: number;
}

/** Machine code being written. Every method that writes appends to it and returns the object itself. */
export class MachineCode {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of the bytes written so far. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /**
   * One instruction on general registers. The operands are those of its name, in their order: the number of a register,
   * a constant, or for an address the number of a register and an offset in bytes.
   */
  op(name: Opcode, ...operands: number[]): this {
    this.#reserve(LONGEST);
    const instruction: Instruction = instructions[name];
    const first = operands[0];
    switch (instruction.operands) {
      case "none":
        return this.#code(instruction.code);
      case "code":
        return this.#rex(false, 0, first).#byte(instruction.code[0] | first & 7);
      case "pair":
        return this.#general(instruction, operands[1], first).#registers(operands[1], first);
      case "load":
        return this.#general(instruction, first, operands[1])
          .#address(first, { base: operands[1], offset: operands[2], unit: 1 });
      case "store":
        return this.#general(instruction, operands[2], first)
          .#address(operands[2], { base: first, offset: operands[1], unit: 1 });
      case "constant":
        return this.#constant(instruction, first, operands[1]);
    }
  }

  /** One instruction on vectors. The operands are as for `op`. */
  vector(name: VectorOpcode, vectorBytes: VectorBytes, ...operands: number[]): this {
    this.#reserve(LONGEST);
    const instruction: VectorInstruction = vectorInstructions[name];
    const isStore = instruction.operands === "store";
    const isThree = instruction.operands === "three";
    const r = operands[isStore ? 2 : 0];
    const m = operands[isStore ? 0 : isThree ? 2 : 1];
    const isSum = instruction.operands === "sum";
    const v = isThree ? operands[1] : instruction.constant === undefined ? 0 : r;
    const fields = { r, v, m, x: isSum ? operands[2] : 0 };
    if (vectorBytes === 64) this.#evex(instruction, fields);
    else this.#vex(instruction, fields);
    if (isThree) return this.#registers(r, m);
    if (isSum) {
      this.#sum(fields);
      return instruction.constant === undefined ? this : this.#byte(instruction.constant);
    }
    const unit = vectorBytes === 64 ? instruction.bytes ?? vectorBytes : 1;
    return this.#address(r, { base: m, offset: operands[isStore ? 1 : 2], unit });
  }

  /** The first `length` bytes of other code. Jumps in it must not leave them. */
  append(other: MachineCode, length = other.length): this {
    this.#reserve(length);
    this.#bytes.set(other.#bytes.subarray(0, length), this.#length);
    this.#length += length;
    return this;
  }

  /** A label whose position is not known yet. */
  label(): Label {
    return { jumps: [] };
  }

  /** Makes the end of the code written so far the position of a label. */
  bind(label: Label): this {
    label.at = this.#length;
    for (const end of label.jumps) this.#setDistance(end, label.at);
    return this;
  }

  /** A jump to a label, or a call of the code there. */
  jump(name: Jump, label: Label): this {
    this.#reserve(LONGEST);
    this.#code(jumps[name]).#word(0);
    if (label.at === undefined) label.jumps.push(this.#length);
    else this.#setDistance(this.#length, label.at);
    return this;
  }

  /** The prefix REX, if an instruction has 64 bits or registers above 7. */
  #rex(wide: boolean, r: number, m: number): this {
    const rex = (wide ? 8 : 0) | (r > 7 ? 4 : 0) | (m > 7 ? 1 : 0);
    return rex ? this.#byte(0x40 | rex) : this;
  }

  #general({ wide, code }: Instruction, r: number, m: number): this {
    return this.#rex(wide, r, m).#code(code);
  }

  #constant({ wide, code, digit }: Instruction, register: number, value: number): this {
    const isShort = value >= -128 && value < 128;
    this.#rex(wide, 0, register).#byte(code[0] | (isShort ? 2 : 0)).#registers(digit, register);
    return isShort ? this.#byte(value) : this.#word(value);
  }

  #vex({ map, prefix, code }: VectorInstruction, { r, v, m, x }: Fields): void {
    const bytes = this.#bytes;
    let at = this.#length;
    const [notR, notB] = [r < 8 ? 0x80 : 0, m < 8 ? 0x20 : 0];
    // Bit 2 says that vectors have 256 bits.
    const last = (~v & 15) << 3 | 0x04 | prefix;
    if (map === 1 && notB && x < 8) {
      bytes[at++] = 0xc5;
      bytes[at++] = notR | last;
    } else {
      bytes[at++] = 0xc4;
      bytes[at++] = notR | (x < 8 ? 0x40 : 0) | notB | map;
      bytes[at++] = last;
    }
    bytes[at++] = code;
    this.#length = at;
  }

  #evex({ map, prefix, code, operands, constant }: VectorInstruction, { r, v, m, x }: Fields): void {
    const bytes = this.#bytes;
    const at = this.#length;
    const notX = (operands === "three" ? m & 16 : x & 8) ? 0 : 0x40;
    bytes[at] = 0x62;
    bytes[at + 1] = (r & 8 ? 0 : 0x80) | notX | (m & 8 ? 0 : 0x20) | (r & 16 ? 0 : 0x10) | map;
    // The instruction with a constant works on doubles: bit 7 says so.
    bytes[at + 2] = (constant === undefined ? 0 : 0x80) | (~v & 15) << 3 | 0x04 | prefix;
    // Bit 6 says that vectors have 512 bits.
    bytes[at + 3] = 0x40 | (v & 16 ? 0 : 0x08);
    bytes[at + 4] = code;
    this.#length = at + 5;
  }

  /** The ModR/M byte of two registers. */
  #registers(r: number, m: number): this {
    return this.#byte(0xc0 | (r & 7) << 3 | m & 7);
  }

  /** The ModR/M byte of a register and an address, and what follows it. */
  #address(r: number, { base, offset, unit }: Address): this {
    const short = offset / unit;
    const isShort = short >= -128 && short < 128 && Number.isInteger(short);
    // Without an offset, the numbers of rbp and r13 have another meaning.
    const mode = offset === 0 && (base & 7) !== 5 ? 0 : isShort ? 0x40 : 0x80;
    this.#byte(mode | (r & 7) << 3 | base & 7);
    // The numbers of rsp and r12 say that a SIB byte follows: this one has no index.
    if ((base & 7) === 4) this.#byte(0x24);
    if (mode === 0) return this;
    return isShort ? this.#byte(short) : this.#word(offset);
  }

  /** The ModR/M and SIB bytes of a register and the sum of two others. */
  #sum({ r, m, x }: Fields): this {
    // Without an offset, the numbers of rbp and r13 have another meaning.
    const mode = (m & 7) === 5 ? 0x40 : 0;
    this.#byte(mode | (r & 7) << 3 | 4).#byte((x & 7) << 3 | m & 7);
    return mode ? this.#byte(0) : this;
  }

  #code(code: readonly number[]): this {
    for (let i = 0; i < code.length; i++) this.#byte(code[i]);
    return this;
  }

  #byte(value: number): this {
    this.#bytes[this.#length++] = value;
    return this;
  }

  #word(value: number): this {
    const end = this.#length += DISTANCE;
    this.#setWord(end, value);
    return this;
  }

  #setDistance(end: number, to: number): void {
    this.#setWord(end, to - end);
  }

  /** Sets the 32 bits before a position. */
  #setWord(end: number, value: number): void {
    const bytes = this.#bytes;
    bytes[end - 4] = value;
    bytes[end - 3] = value >> 8;
    bytes[end - 2] = value >> 16;
    bytes[end - 1] = value >> 24;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(4 * Math.max(this.#bytes.length, count));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
