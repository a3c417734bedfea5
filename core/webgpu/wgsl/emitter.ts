/**
 * Writes the body of a kernel: every distinct expression once, each as far outside the loops as its variables allow.
 *
 * @module
 */

import type { Affine, Apply, Checked, Expression, Load } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Slot, Store } from "../../nest/nest.ts";
import { vectorElement } from "../schedule/vectors.ts";
import { checkedText } from "./checked_index.ts";
import type { MathFunction } from "./math.ts";
import {
  literalText,
  loadedText,
  type Operand,
  scalarText,
  storedText,
  type UseFunction,
} from "./scalar_operations.ts";

/** The lines between two braces, and the names that are known there. */
interface Block {
  readonly parent?: Block;
  readonly depth: number;
  readonly lines: string[];
  readonly names: Map<string, string>;
  readonly known: Map<Expression, string>;
}

/** A text and the outermost block in which it can be computed. */
interface Placed {
  readonly text: string;
  readonly block: Block;
}

const newBlock = (parent?: Block): Block => ({
  ...(parent ? { parent } : {}),
  depth: parent ? parent.depth + 1 : 0,
  lines: [],
  names: new Map(),
  known: new Map(),
});

/** The name of a slot's array in generated code. */
export const slotName = (slot: number): string => `slot${slot}`;

/** Writes lines of WGSL, with common subexpressions computed once and hoisted out of loops. */
export class Emitter {
  /** The functions of `math.ts` that have been used so far. */
  readonly functions = new Set<MathFunction>();
  /** The name of a function of `math.ts`, which is then added to the kernel. */
  readonly use: UseFunction = (name) => {
    this.functions.add(name);
    return name;
  };
  #block: Block = newBlock();
  #count = 0;

  /**
   * @param slots The kernel's buffers.
   * @param vectors The buffers that are arrays of vectors.
   * @param table The table that makes expressions.
   */
  constructor(
    readonly slots: readonly Slot[],
    readonly vectors: ReadonlySet<number> = new Set(),
    readonly table: ExpressionTable = new ExpressionTable(),
  ) {}

  /** The lines of the finished body. */
  get lines(): readonly string[] {
    return this.#block.lines;
  }

  /** Adds a line to the current block. */
  line(text: string): void {
    this.#block.lines.push(text);
  }

  /** A new name. */
  name(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** Makes `text` the value of `expression` in the current block. */
  bind(expression: Expression, text: string): void {
    this.#block.known.set(expression, text);
  }

  /** Writes a block `header { … }`; the header may be empty. */
  within(header: string, body: () => void): void {
    const inner = newBlock(this.#block);
    this.#block = inner;
    body();
    this.#block = inner.parent!;
    this.line(header ? `${header} {` : "{");
    inner.lines.forEach((line) => this.line(`  ${line}`));
    this.line("}");
  }

  /** The text of the value of `expression`, whose computation is written to the outermost possible block. */
  value(expression: Expression): string {
    return this.#place(expression).text;
  }

  /** The name of the vector that begins with the element of a load, for a buffer that is an array of vectors. */
  vector({ slot, index }: Load): string {
    const { text, block } = this.#place(vectorElement(this.table, index)!.vector);
    return this.#let(block, "w", `${slotName(slot)}[${text}]`).text;
  }

  /** A literal of an element type. */
  literal(dtype: Slot["dtype"], value: number): string {
    return literalText(this.use, dtype, value);
  }

  /** Writes stores. All their values are computed before the first one. */
  stores(stores: readonly Store[]): void {
    const vectors = new Map<string, string[]>();
    const texts = stores.filter(({ guard }) => !isNever(guard)).map(({ slot, index, value, guard, add }) => {
      const text = this.value(value);
      if (this.vectors.has(slot)) {
        const { vector, component } = vectorElement(this.table, index)!;
        const cell = `${slotName(slot)}[${this.value(vector)}]`;
        if (!vectors.has(cell)) vectors.set(cell, []);
        vectors.get(cell)![component] = storedText(this.slots[slot].dtype, text);
        return "";
      }
      const cell = `${slotName(slot)}[${this.value(index)}]`;
      const line = `${cell} = ${storedText(this.slots[slot].dtype, add ? `${cell} + ${text}` : text)};`;
      return guard && guard.kind !== "literal" ? `if (${this.value(guard)}) { ${line} }` : line;
    });
    texts.filter((text) => text).forEach((text) => this.line(text));
    vectors.forEach((components, cell) => this.line(`${cell} = vec4(${components.join(", ")});`));
  }

  get #root(): Block {
    let block = this.#block;
    while (block.parent) block = block.parent;
    return block;
  }

  #place(e: Expression): Placed {
    for (let block: Block | undefined = this.#block; block; block = block.parent) {
      const text = block.known.get(e);
      if (text !== undefined) return { text, block };
    }
    const placed = this.#compute(e);
    if (e.kind !== "literal") placed.block.known.set(e, placed.text);
    return placed;
  }

  #compute(e: Expression): Placed {
    switch (e.kind) {
      case "literal":
        return { text: literalText(this.use, e.dtype, e.value), block: this.#root };
      case "affine":
        return this.#affine(e);
      case "load":
        return this.#load(e);
      case "apply":
        return this.#apply(e);
      case "checked":
        return this.#checked(e);
      default:
        throw new Error(
          `Cannot write a kernel: ${e.kind === "variable" ? e.name : `result ${e.reduction}`} is not known here`,
        );
    }
  }

  #apply(e: Apply): Placed {
    const { op, dtype } = e;
    const placed = e.args.map((arg) => this.#place(arg));
    const operands = e.args.map((arg, i): Operand => ({
      text: placed[i].text,
      dtype: arg.dtype,
      literal: arg.kind === "literal" ? arg.value : undefined,
      least: this.table.range(arg)?.[0],
    }));
    return this.#let(this.#innermost(placed), "x", scalarText(op, operands, { use: this.use, dtype }));
  }

  #checked(e: Checked): Placed {
    const [index, position] = [this.#place(e.index), this.#place(e.position)];
    return this.#let(this.#innermost([index, position]), "x", checkedText(e, index.text, position.text));
  }

  #load(e: Load): Placed {
    const slot = slotName(e.slot);
    const element = this.vectors.has(e.slot) ? vectorElement(this.table, e.index) : undefined;
    const index = this.#place(element?.vector ?? e.index);
    const fetch = (at: string, block: Block): string => {
      if (!element) return loadedText(e.dtype, `${slot}[${at}]`);
      const vector = this.#let(block, "w", `${slot}[${at}]`).text;
      return loadedText(e.dtype, `${vector}.${"xyzw"[element.component]}`);
    };
    if (!e.guard) return this.#let(index.block, "x", fetch(index.text, index.block));
    const guard = this.#place(e.guard);
    const block = this.#innermost([index, guard]);
    const loaded = fetch(`select(0, ${index.text}, ${guard.text})`, block);
    return this.#let(block, "x", `select(${this.literal(e.dtype, 0)}, ${loaded}, ${guard.text})`);
  }

  /** Adds terms that are known outside the loops first, and the constant last, so that neighbors share the sum. */
  #affine(e: Affine): Placed {
    const terms = e.terms.map(([term, factor]) => ({ ...this.#place(term), factor }));
    const blocks = [...new Set(terms.map(({ block }) => block))].sort((a, b) => a.depth - b.depth);
    let sum: string | undefined;
    for (const block of blocks) {
      const here = terms.filter((term) => term.block === block).map(({ text, factor }) => product(text, factor));
      const parts = sum === undefined ? here : [sum, ...here];
      sum = parts.length === 1 && !parts[0].includes(" ") ? parts[0] : this.#let(block, "at", parts.join(" + ")).text;
    }
    const block = blocks.at(-1)!;
    return e.constant === 0 ? { text: sum!, block } : this.#let(block, "at", addition(sum!, e.constant));
  }

  #innermost(placed: readonly Placed[]): Block {
    return placed.reduce<Block>((deepest, { block }) => block.depth > deepest.depth ? block : deepest, this.#root);
  }

  #let(block: Block, prefix: string, text: string): Placed {
    let name = block.names.get(text);
    if (name === undefined) {
      name = this.name(prefix);
      block.names.set(text, name);
      block.lines.push(`let ${name} = ${text};`);
    }
    return { text: name, block };
  }
}

/** True for the guard of a store whose points are all past the end. */
function isNever(guard: Expression | undefined): boolean {
  return guard?.kind === "literal" && !guard.value;
}

function product(text: string, factor: number): string {
  return factor === 1 ? text : factor < 0 ? `${text} * (${factor})` : `${text} * ${factor}`;
}

function addition(text: string, constant: number): string {
  return constant < 0 ? `${text} - ${-constant}` : `${text} + ${constant}`;
}
