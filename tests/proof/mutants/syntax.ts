/**
 * Syntax trees of TypeScript, as plain nodes with their places in the text.
 *
 * @module
 */

import { parse } from "@babel/parser";

/** A node of a syntax tree. */
export interface SyntaxNode {
  /** The kind of the node in Babel's terms, such as `BinaryExpression`. */
  readonly type: string;
  /** Where its text begins. */
  readonly start: number;
  /** Where its text ends. */
  readonly end: number;
  /** The line of its beginning, counted from 1. */
  readonly line: number;
  /** The node that it is a part of. */
  readonly parent: SyntaxNode | undefined;
  /** The name of the parent's part that it is, such as `test`. */
  readonly role: string;
  /** Its parts, in the order of the text. */
  readonly parts: readonly SyntaxNode[];
  /** What it says apart from its parts, such as its operator or its name. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** The part of a node with a role, such as the `test` of an `IfStatement`. */
export function part(node: SyntaxNode, role: string): SyntaxNode | undefined {
  return node.parts.find((one) => one.role === role);
}

/** All parts of a node with a role, such as the `arguments` of a call. */
export function partsOf(node: SyntaxNode, role: string): readonly SyntaxNode[] {
  return node.parts.filter((one) => one.role === role);
}

/** The node with all nodes around it, from the inside out. */
export function* outward(node: SyntaxNode): Generator<SyntaxNode> {
  for (let at: SyntaxNode | undefined = node; at; at = at.parent) yield at;
}

/**
 * The syntax tree of a module.
 *
 * @throws {SyntaxError} If the text is not valid TypeScript.
 */
export function parseModule(text: string): SyntaxNode {
  const { program } = parse(text, { sourceType: "module", plugins: ["typescript"] });
  return nodeOf(program, { parent: undefined, role: "program" })!;
}

interface Place {
  readonly parent: SyntaxNode | undefined;
  readonly role: string;
}

/** Whether a value of the parser is a node of its tree. */
function isParsed(
  value: unknown,
): value is { type: string; start: number; end: number; loc: { start: { line: number } } } {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "loc" in value;
}

function nodeOf(value: unknown, { parent, role }: Place): SyntaxNode | undefined {
  if (!isParsed(value) || value.type.startsWith("Comment")) return undefined;
  const parts: SyntaxNode[] = [];
  const facts: Record<string, string | number | boolean> = {};
  const { type, start, end } = value;
  const node: SyntaxNode = { type, start, end, line: value.loc.start.line, parent, role, parts, facts };
  for (const [name, content] of Object.entries(value)) {
    if (name.endsWith("Comments")) continue;
    for (const one of Array.isArray(content) ? content : [content]) {
      if (["string", "number", "boolean"].includes(typeof one)) facts[name] = one;
      const child = nodeOf(one, { parent: node, role: name });
      if (child) parts.push(child);
    }
  }
  parts.sort((a, b) => a.start - b.start);
  return node;
}
