/**
 * The scopes of a nest while it is written: one level for each loop around the current point, each with its own code
 * and its own known values.
 *
 * A value is computed at the outermost level where its operands are known. Code for an outer level is appended to that
 * level while the inner one is still being written, so it precedes the inner loop.
 *
 * @module
 */

import { children, type Expression, type Variable } from "../../nest/expression.ts";
import { Code, type FunctionWriter, type WasmType } from "../encode/assembler.ts";
import { type Opcode, resultTypeOf } from "../encode/opcodes.ts";
import { operate } from "../encode/relaxed.ts";

/** A local of the function being written. */
export type Local = number;

/** The range of a counter. */
export interface Steps {
  readonly from: Local;
  /** The counter stays below this. */
  readonly to: Local;
  readonly step: number;
}

/** The values known at one level, by expression. */
export interface Known {
  readonly scalars: Map<Expression, Local>;
  readonly vectors: Map<Expression, Local>;
  readonly addresses: Map<Expression, Map<number, Local>>;
  /** Four vectors for each load of a square. */
  readonly squares: Map<Expression, readonly Local[]>;
}

interface Level {
  readonly code: Code;
  /** The code of the copy that is being written. */
  copyCode: Code | undefined;
  /** Values that are the same in all copies of the body. */
  readonly common: Known;
  /** Values that differ from copy to copy. */
  readonly copies: Known[];
}

interface Facts {
  /** The outermost level at which the value is known. */
  readonly level: number;
  /** Whether the value differs from lane to lane. */
  readonly varies: boolean;
  /** Whether the value differs from copy to copy. */
  readonly copied: boolean;
}

interface Binding extends Facts {
  /** One local for each copy, or one for all. */
  readonly locals: readonly Local[];
}

const known = (): Known => ({ scalars: new Map(), vectors: new Map(), addresses: new Map(), squares: new Map() });
const newLevel = (code: Code): Level => ({ code, copyCode: undefined, common: known(), copies: [] });

/** The levels of one function. */
export class CodeScope {
  readonly #levels: Level[];
  readonly #variables = new Map<Variable, Binding>();
  readonly #results = new Map<number, Binding>();
  readonly #constants = new Map<string, Local>();
  #current = 0;
  #copy = 0;
  #copies = 1;
  #lanes: Variable | undefined;
  #aligned = false;
  #facts = new Map<Expression, Facts>();

  constructor(readonly writer: FunctionWriter) {
    this.#levels = [newLevel(writer.code)];
  }

  /** The code that is being written. */
  get code(): Code {
    const { code, copyCode } = this.#levels[this.#current];
    return copyCode ?? code;
  }

  get depth(): number {
    return this.#levels.length - 1;
  }

  /** The variable whose successive values are in the lanes. */
  get lanes(): Variable | undefined {
    return this.#lanes;
  }

  /** Whether the first lane's value is a multiple of 4. */
  get aligned(): boolean {
    return this.#aligned;
  }

  /** The number of interleaved copies of the body. */
  get copies(): number {
    return this.#copies;
  }

  local(type: WasmType): Local {
    return this.writer.local(type);
  }

  /** The result of an instruction on locals; `immediates` are its lanes or its offset. */
  op(name: Opcode, args: readonly Local[], ...immediates: number[]): Local {
    const result = this.local(resultTypeOf(name));
    this.code.statement((code) => operate(code, name, { args, immediates }).set(result));
    return result;
  }

  i32(value: number): Local {
    return this.#constant(`i32 ${value | 0}`, "i32", (code) => code.i32(value));
  }

  /** The same single in all four lanes. */
  f32(value: number): Local {
    const single = Math.fround(value);
    return this.#constant(`f32 ${Object.is(single, -0) ? "-0" : single}`, "v128", (code) => code.f32x4(single));
  }

  i64(value: bigint): Local {
    return this.#constant(`i64 ${value}`, "i64", (code) => code.i64(value));
  }

  f64(value: number): Local {
    return this.#constant(`f64 ${value}`, "f64", (code) => code.f64(value));
  }

  /** The same double in both lanes. */
  f64x2(value: number): Local {
    return this.#constant(`f64x2 ${value}`, "v128", (code) => code.f64(value).op("f64x2.splat"));
  }

  /** Four integers. */
  i32x4(...words: [number] | [number, number, number, number]): Local {
    const four = words.length === 1 ? [0, 1, 2, 3].map(() => words[0]) : words;
    return this.#constant(`i32x4 ${four.map((word) => word | 0)}`, "v128", (code) => code.i32x4(four));
  }

  /** Makes a loop counter known at the current level, with one local for all copies or one for each. */
  bind(variable: Variable, ...locals: readonly Local[]): void {
    this.#variables.set(variable, { locals, level: this.depth, varies: false, copied: locals.length > 1 });
    this.#facts = new Map();
  }

  /** Makes the result of a reduction known at the current level, with one local for each copy. */
  bindResult(reduction: number, locals: readonly Local[]): void {
    const varies = this.#lanes !== undefined;
    this.#results.set(reduction, { locals, level: this.depth, varies, copied: locals.length > 1 });
    this.#facts = new Map();
  }

  /** The result of a reduction, in lanes. */
  resultOf(reduction: number): Local {
    return this.#pick(this.#result(reduction));
  }

  /** The value of a loop counter, in the first lane. */
  variable(variable: Variable): Local {
    return this.#pick(this.#binding(variable));
  }

  /** Writes `body` one level deeper, and passes its code to `close`, which appends it. */
  deeper(body: () => void, close: (code: Code) => void): void {
    const variables = new Map(this.#variables);
    const [lanes, aligned, copies, current] = [this.#lanes, this.#aligned, this.#copies, this.#current];
    this.#levels.push(newLevel(new Code()));
    this.#current = this.depth;
    this.#facts = new Map();
    body();
    const { code } = this.#levels.pop()!;
    this.#current = current;
    this.#variables.clear();
    for (const [variable, binding] of variables) this.#variables.set(variable, binding);
    this.#lanes = lanes;
    this.#aligned = aligned;
    this.#copies = copies;
    this.#facts = new Map();
    close(code);
  }

  /** Writes `for (i = from; i < to; i += step) body(i)` and returns the counter, which ends at the first `i ≥ to`. */
  loop({ from, to, step }: Steps, body: (counter: Local) => void): Local {
    const counter = this.local("i32");
    this.deeper(() => body(counter), (inner) => {
      const { code } = this;
      code.get(from).tee(counter).get(to).op("i32.lt_s").if().loop().append(inner);
      code.get(counter).i32(step).op("i32.add").tee(counter).get(to).op("i32.lt_s").op("br_if", 0);
      code.end().end();
    });
    return counter;
  }

  /** Writes `if (condition) body()`. */
  when(condition: Local, body: () => void): void {
    this.deeper(body, (inner) => this.code.get(condition).if().append(inner).end());
  }

  /**
   * Puts successive values of `variable` into the lanes until the end of the current level. `starts` are its first
   * values in each copy; if `aligned`, they are multiples of 4, which matters only to loads whose index is rounded.
   */
  spread(variable: Variable, starts: readonly Local[], aligned = false): void {
    this.#lanes = variable;
    this.#aligned = aligned;
    this.#copies = starts.length;
    this.#variables.set(variable, { locals: starts, level: this.depth, varies: true, copied: starts.length > 1 });
    this.#facts = new Map();
  }

  /** Writes the body in `count` copies until the end of the current level. */
  replicate(count: number): void {
    this.#copies = count;
  }

  /**
   * Runs `body` for each copy of the unrolled vector loop. The code of the copies is interleaved, so that the processor
   * can work on one while it waits for another, unless they are to come one after the other. Code for values that they
   * share comes first.
   */
  eachCopy(body: (copy: number) => void, { inTurn = false }: { readonly inTurn?: boolean } = {}): void {
    const level = this.#levels[this.#current];
    const { copyCode } = level;
    const codes: Code[] = [];
    for (let copy = 0; copy < this.#copies; copy++) {
      this.#copy = copy;
      codes.push(level.copyCode = new Code());
      body(copy);
    }
    level.copyCode = copyCode;
    if (inTurn) codes.forEach((code) => this.code.append(code));
    else this.code.interleave(codes);
    this.#copy = 0;
  }

  /** The outermost level at which `expression` is known, and whether it differs from lane to lane. */
  facts(expression: Expression): Facts {
    let facts = this.#facts.get(expression);
    if (!facts) {
      facts = this.#factsOf(expression);
      this.#facts.set(expression, facts);
    }
    return facts;
  }

  /** The values known at a level: those of all copies, or of the current one. */
  known(level: number, copied: boolean): Known {
    const { common, copies } = this.#levels[level];
    return copied ? copies[this.#copy] ??= known() : common;
  }

  /** Runs `write` with `level` as the current one, for the current copy if `copied`, otherwise for all copies. */
  at(level: number, copied: boolean, write: () => Local): Local {
    const [current, into] = [this.#current, this.#levels[level]];
    const { copyCode } = into;
    this.#current = level;
    if (!copied) into.copyCode = undefined;
    const local = write();
    this.#current = current;
    into.copyCode = copyCode;
    return local;
  }

  #pick({ locals }: Binding): Local {
    return locals.length > 1 ? locals[this.#copy] : locals[0];
  }

  #binding(variable: Variable): Binding {
    const binding = this.#variables.get(variable);
    if (!binding) throw new Error(`Cannot write the nest: there is no loop ${variable.name} here`);
    return binding;
  }

  #result(reduction: number): Binding {
    const binding = this.#results.get(reduction);
    if (!binding) throw new Error(`Cannot write the nest: the result of reduction ${reduction} is not known here`);
    return binding;
  }

  #factsOf(expression: Expression): Facts {
    if (expression.kind === "variable") return this.#binding(expression);
    if (expression.kind === "result") return this.#result(expression.reduction);
    let [level, varies, copied] = [0, false, false];
    for (const child of children(expression)) {
      const facts = this.facts(child);
      level = Math.max(level, facts.level);
      varies ||= facts.varies;
      copied ||= facts.copied;
    }
    return { level, varies, copied };
  }

  #constant(key: string, type: WasmType, write: (code: Code) => Code): Local {
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.local(type);
      write(this.writer.prologue).set(local);
      this.#constants.set(key, local);
    }
    return local;
  }
}
