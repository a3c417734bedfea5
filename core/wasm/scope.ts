/**
 * Where code goes and which values are at hand while a nest is written: one level for each loop around the current
 * point, each with its own code and its own known values.
 *
 * A value is computed at the outermost level at which it is known: code for an outer level is appended to that level
 * while the inner one is still being written, and so comes to stand before the inner loop.
 *
 * @module
 */

import { children, type Expression, type Variable } from "../compile/expression.ts";
import { Code, type FunctionWriter, type ValueType } from "./assembler.ts";
import { type Opcode, resultTypeOf } from "./opcodes.ts";

/** A local of the function being written. */
export type Local = number;

/** The values known at one level, by what they are values of. */
export interface Known {
  readonly scalars: Map<Expression, Local>;
  readonly vectors: Map<Expression, Local>;
  readonly addresses: Map<Expression, Map<number, Local>>;
}

interface Level {
  readonly code: Code;
  /** Values that are the same in all lanes. */
  readonly uniform: Known;
  /** Values that differ from lane to lane, for each copy of the unrolled vector loop. */
  readonly copies: Known[];
}

/** The variable whose successive values lie in the four lanes, and the locals that hold its first value in each copy. */
export interface Lanes {
  readonly variable: Variable;
  readonly starts: readonly Local[];
  readonly level: number;
}

interface Facts {
  /** The outermost level at which the value is known. */
  readonly level: number;
  /** True where the value differs from lane to lane. */
  readonly varies: boolean;
}

interface Binding {
  readonly local: Local;
  readonly level: number;
  readonly varies: boolean;
}

const known = (): Known => ({ scalars: new Map(), vectors: new Map(), addresses: new Map() });
const newLevel = (code: Code): Level => ({ code, uniform: known(), copies: [] });

/** The levels of one function. */
export class Scope {
  readonly #levels: Level[];
  readonly #variables = new Map<Variable, Binding>();
  readonly #results = new Map<number, Binding[]>();
  readonly #constants = new Map<string, Local>();
  #current = 0;
  #copy = 0;
  #lanes: Lanes | undefined;
  #facts = new Map<Expression, Facts>();

  constructor(readonly writer: FunctionWriter) {
    this.#levels = [newLevel(writer.code)];
  }

  /** The code that is being written. */
  get code(): Code {
    return this.#levels[this.#current].code;
  }

  get depth(): number {
    return this.#levels.length - 1;
  }

  get lanes(): Lanes | undefined {
    return this.#lanes;
  }

  get copies(): number {
    return this.#lanes?.starts.length ?? 1;
  }

  local(type: ValueType): Local {
    return this.writer.local(type);
  }

  /** The result of one instruction on locals; `immediates` are its lanes or its offset. */
  op(name: Opcode, args: readonly Local[], ...immediates: number[]): Local {
    for (const arg of args) this.code.get(arg);
    const result = this.local(resultTypeOf(name));
    this.code.op(name, ...immediates).set(result);
    return result;
  }

  i32(value: number): Local {
    return this.#constant(`i32 ${value | 0}`, "i32", (code) => code.i32(value));
  }

  /** Four times the same single. */
  f32(value: number): Local {
    const single = Math.fround(value);
    return this.#constant(`f32 ${Object.is(single, -0) ? "-0" : single}`, "v128", (code) => code.f32x4(single));
  }

  /** Four integers. */
  i32x4(...words: [number] | [number, number, number, number]): Local {
    const four = words.length === 1 ? [0, 1, 2, 3].map(() => words[0]) : words;
    return this.#constant(`i32x4 ${four.map((word) => word | 0)}`, "v128", (code) => code.i32x4(four));
  }

  /** Makes a loop counter known at the current level. */
  bind(variable: Variable, local: Local): void {
    this.#variables.set(variable, { local, level: this.depth, varies: false });
    this.#facts = new Map();
  }

  /** Makes the result of a reduction known at the current level; one local for each copy. */
  bindResult(reduction: number, locals: readonly Local[], varies: boolean): void {
    this.#results.set(reduction, locals.map((local) => ({ local, level: this.depth, varies })));
    this.#facts = new Map();
  }

  resultOf(reduction: number): Local {
    const copies = this.#results.get(reduction)!;
    return (copies[this.#copy] ?? copies[0]).local;
  }

  variable(variable: Variable): Local {
    if (this.#lanes?.variable === variable) return this.#lanes.starts[this.#copy];
    const binding = this.#variables.get(variable);
    if (!binding) throw new Error(`${variable.name} is not a loop here`);
    return binding.local;
  }

  /** Writes `body` one level deeper; what it wrote is handed to `close`, which places it. */
  deeper(body: () => void, close: (code: Code) => void): void {
    const variables = new Map(this.#variables);
    const lanes = this.#lanes;
    this.#levels.push(newLevel(new Code()));
    this.#current = this.depth;
    this.#facts = new Map();
    body();
    const { code } = this.#levels.pop()!;
    this.#current = this.depth;
    this.#variables.clear();
    for (const [variable, binding] of variables) this.#variables.set(variable, binding);
    this.#lanes = lanes;
    this.#facts = new Map();
    close(code);
  }

  /** Writes `for (i = from; i < to; i += step) body(i)` and returns the counter, which afterwards holds the first `i ≥ to`. */
  loop(from: Local, to: Local, step: number, body: (counter: Local) => void): Local {
    const counter = this.local("i32");
    const increment = this.i32(step);
    this.deeper(() => body(counter), (inner) => {
      const { code } = this;
      code.get(from).set(counter);
      code.get(counter).get(to).op("i32.lt_s").if().loop().append(inner);
      code.get(counter).get(increment).op("i32.add").tee(counter).get(to).op("i32.lt_s").op("br_if", 0);
      code.end().end();
    });
    return counter;
  }

  /** Lays successive values of `variable` into the lanes from here on, until the current level is left. */
  spread(variable: Variable, starts: readonly Local[]): void {
    this.#lanes = { variable, starts, level: this.depth };
    this.#facts = new Map();
  }

  /** Runs `body` for each copy of the unrolled vector loop. */
  eachCopy(body: (copy: number) => void): void {
    for (let copy = 0; copy < this.copies; copy++) {
      this.#copy = copy;
      body(copy);
    }
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

  /** The values known at a level. */
  known(level: number, varies: boolean): Known {
    const { uniform, copies } = this.#levels[level];
    return varies ? copies[this.#copy] ??= known() : uniform;
  }

  /** Runs `write` with `level` as the current one. */
  at(level: number, write: () => Local): Local {
    const current = this.#current;
    this.#current = level;
    const local = write();
    this.#current = current;
    return local;
  }

  #factsOf(expression: Expression): Facts {
    if (expression.kind === "variable") {
      if (this.#lanes?.variable === expression) return { level: this.#lanes.level, varies: true };
      const binding = this.#variables.get(expression);
      if (!binding) throw new Error(`${expression.name} is not a loop here`);
      return binding;
    }
    if (expression.kind === "result") {
      const copies = this.#results.get(expression.reduction);
      if (!copies) throw new Error(`reduction ${expression.reduction} is not known here`);
      return copies[0];
    }
    let level = 0;
    let varies = false;
    for (const child of children(expression)) {
      const facts = this.facts(child);
      level = Math.max(level, facts.level);
      varies ||= facts.varies;
    }
    return { level, varies };
  }

  #constant(key: string, type: ValueType, write: (code: Code) => Code): Local {
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.local(type);
      write(this.writer.prologue).set(local);
      this.#constants.set(key, local);
    }
    return local;
  }
}
