/**
 * Programs as TypeScript that repeats them.
 *
 * @module
 */

import { type Graph, isNode, type Node, topological } from "../../../core/graph/node.ts";
import { isKind, isTuple } from "../../../core/graph/ops.ts";
import type { Argument } from "../../oracle.ts";
import type { Program } from "./program.ts";

const showNumber = (value: number): string => Object.is(value, -0) ? "-0" : String(value);

function show(value: unknown): string {
  if (typeof value === "number") return showNumber(value);
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => `${key}: ${show(one)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

const showType = ({ shape, dtype }: Pick<Argument, "shape" | "dtype">): string => show({ shape, dtype });

function showArgument({ shape, dtype, values }: Argument): string {
  const [first = 0] = values;
  const text = values.every((value) => Object.is(value, first))
    ? showNumber(first)
    : `[${[...values].map(showNumber).join(", ")}]`;
  return `given(${show(dtype)}, ${show(shape)}, ${text})`;
}

/** Names in the order in which they are needed: a, b, … z, a1, b1, … */
function* names(): Generator<string, never> {
  for (let i = 0;; i++) {
    const letter = "abcdefghijklmnopqrstuvwxyz"[i % 26];
    yield i < 26 ? letter : `${letter}${Math.floor(i / 26)}`;
  }
}

/** Writes one function with everything in it. */
class Printer {
  readonly #names = names();
  readonly #known = new Map<Node, string>();

  #name(node: Node): string {
    const name = this.#names.next().value;
    this.#known.set(node, name);
    return name;
  }

  /** A function of the parameters of a graph that returns its results. */
  function(graph: Graph, indent: string): string {
    const parameters = graph.parameters.map((node) => this.#name(node)).join(", ");
    const lines = topological(graph.results).flatMap((node) =>
      this.#known.has(node) ? [] : this.#lines(node, `${indent}  `)
    );
    const results = graph.results.map((node) => this.#known.get(node)).join(", ");
    return [`(${parameters}) => {`, ...lines, `${indent}  return [${results}];`, `${indent}}`].join("\n");
  }

  #lines(node: Node, indent: string): string[] {
    if (isKind(node, "pick")) {
      const [tuple] = node.inputs;
      this.#known.set(node, `${this.#known.get(tuple)}[${node.attributes.index}]`);
      return [];
    }
    const value = isTuple(node) ? this.#tuple(node, indent) : this.#value(node);
    return [`${indent}const ${this.#name(node)} = ${value};`];
  }

  #inputs(node: Node): readonly string[] {
    return node.inputs.map((input) => this.#known.get(input)!);
  }

  #tuple(node: Node<"scan" | "checkpoint">, indent: string): string {
    const { body, ...attributes } = node.attributes;
    const [first, ...others] = this.#inputs(node);
    const types = body.parameters.map(showType).join(", ");
    const more = Object.entries(attributes).map(([key, value]) => `, ${key}: ${show(value)}`).join("");
    const text = `graphOf(${this.function(body, indent)}, [${types}])`;
    return `${first}.applyTuple(${show(node.op)}, [${others.join(", ")}], { body: ${text}${more} })`;
  }

  #value(node: Node): string {
    const [first, ...others] = this.#inputs(node);
    if (isNode(node, "data")) {
      const { shape, dtype, storage } = node.attributes;
      return `tensorOf(${showArgument({ shape, dtype, values: Float64Array.from(storage.onHost!) })})`;
    }
    if (isNode(node, "checked")) {
      const { size } = node.attributes;
      const limit = show({ size, action: "take", table: "a table", entries: "rows" });
      return `${first}.apply("checked", [], numberedCheck(${limit}, ${show(node.shape)}))`;
    }
    if (first === undefined) return `new Tensor(makeNode(${show(node.op)}, [], ${show(node.attributes)}))`;
    return `${first}.apply(${show(node.op)}, [${others.join(", ")}], ${show(node.attributes)})`;
  }
}

/** A program as the arguments of a call: its function, and its own arguments. */
export function printCall({ graph, inputs }: Program): string {
  const given = inputs.map((input) => `    ${showArgument(input)},\n`).join("");
  return `${new Printer().function(graph, "  ")}, [\n${given}  ]`;
}

/** A test, for `found_test.ts`, that repeats a program. */
export function printProgram(program: Program): string {
  return `found("…", ${printCall(program)});`;
}
