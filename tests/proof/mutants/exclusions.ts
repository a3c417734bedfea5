/**
 * What is never mutated, because no test could or should notice: each rule with its reason.
 *
 * @module
 */

import { isChoice } from "./choices.ts";
import type { SyntaxNode } from "./syntax.ts";
import { part } from "./syntax.ts";

/** A rule about nodes that are not mutated, and neither are the nodes within them. */
interface Rule {
  readonly reason: string;
  readonly holds: (node: SyntaxNode, file: string) => boolean;
}

/** Nodes of types that hold a value, too. */
const VALUES_WITH_TYPES = ["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression", "TSParameterProperty"];

const isError = (node: SyntaxNode | undefined): boolean => /Error$/.test(String(node?.facts.name ?? ""));

const rules: readonly Rule[] = [
  {
    reason: "types have no effect when the program runs; the compiler checks them",
    holds: ({ type }) => type.startsWith("TS") && !VALUES_WITH_TYPES.includes(type),
  },
  {
    reason: "imports and exports without a declaration compute nothing",
    holds: (node) =>
      /^Import|^ExportAll/.test(node.type) || (/^ExportNamed/.test(node.type) && !part(node, "declaration")),
  },
  {
    reason: "the value of a number that is a choice (choices.ts)",
    holds: (node, file) =>
      node.parent?.type === "VariableDeclarator" && node.role === "init" &&
      isChoice(file, String(part(node.parent, "id")?.facts.name)),
  },
  {
    reason: "a function that estimates (choices.ts)",
    holds: (node, file) => node.type === "FunctionDeclaration" && isChoice(file, String(part(node, "id")?.facts.name)),
  },
  {
    reason: "any numbers will do for modules that the engine only validates, and for a memory that nobody uses",
    holds: ({ type }, file) => type === "NumericLiteral" && file === "cli/doctor/webassembly.ts",
  },
  {
    reason: "the words of an error's message",
    holds: (node) =>
      node.parent?.type === "NewExpression" && node.role === "arguments" && isError(part(node.parent, "callee")),
  },
];

/** Whether a node of a file is left alone, with all nodes within it. */
export function isExcluded(node: SyntaxNode, file: string): boolean {
  return rules.some(({ holds }) => holds(node, file));
}

/** Whether a comparison is with a number that is a choice, so that its boundary is one, too. */
export function hasChosenBound(node: SyntaxNode, file: string): boolean {
  return node.type === "Identifier"
    ? isChoice(file, String(node.facts.name))
    : node.parts.some((one) => hasChosenBound(one, file));
}

/** Files that are not mutated, by what their paths match, with the reason. */
const files: readonly (readonly [RegExp, string])[] = [
  [/_test\.ts$|(^|\/)(testing|test_\w+)\.ts$/, "tests and their helpers"],
  [/(^|\/)mod\.ts$/, "re-exports only"],
  [/(^|\/)modules\.ts$/, "lists of modules, which only make loading faster"],
];

/** The folders whose files are mutated. */
export const FOLDERS: readonly string[] = ["core", "optim", "layers", "data", "model", "views", "cli"];

/** Whether the mutator changes a file. */
export function isMutated(path: string): boolean {
  return FOLDERS.some((folder) => path.startsWith(`${folder}/`)) && path.endsWith(".ts") &&
    !files.some(([pattern]) => pattern.test(path));
}
