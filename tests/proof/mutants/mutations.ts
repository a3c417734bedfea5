/**
 * The kinds of mutation: for each, which nodes it changes, and into what.
 *
 * @module
 */

import { hasChosenBound, isExcluded } from "./exclusions.ts";
import { outward, parseModule, part, partsOf, type SyntaxNode } from "./syntax.ts";

/** A small change of the text of a module that leaves it valid TypeScript. */
export interface Mutation {
  /** The kind, one of {@linkcode kinds}. */
  readonly kind: string;
  /** Where the replaced text begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What stands there instead. */
  readonly replacement: string;
  /** The line on which the replaced text begins, counted from 1. */
  readonly line: number;
}

/** The replacements of a node. `text` is the text of any node of the same tree. */
type Change = (node: SyntaxNode, text: (node: SyntaxNode) => string) => readonly string[];

const flips: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  comparison: { "<": "<=", "<=": "<", ">": ">=", ">=": ">" },
  condition: { "===": "!==", "!==": "===" },
  operator: {
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "%": "*",
    "**": "*",
    "<<": ">>",
    ">>": "<<",
    ">>>": "<<",
    "&": "|",
    "|": "&",
    "^": "&",
  },
  assignment: {
    "+=": "-=",
    "-=": "+=",
    "*=": "/=",
    "/=": "*=",
    "|=": "&=",
    "&=": "|=",
    "^=": "|=",
    "<<=": ">>=",
    ">>=": "<<=",
  },
};

const isText = ({ type }: SyntaxNode): boolean => type === "StringLiteral" || type === "TemplateLiteral";

/** Whether a sum joins texts, as far as its syntax shows. */
function joinsTexts(node: SyntaxNode): boolean {
  return isText(node) ||
    (node.type === "BinaryExpression" && node.facts.operator === "+" && node.parts.some(joinsTexts));
}

/** Comparisons, except where equal values make no difference: the larger of two is kept, or they are known to differ. */
function comparison(node: SyntaxNode, text: (node: SyntaxNode) => string): readonly string[] {
  const whole = node.parent?.facts.operator === "!" ? node.parent : node;
  const around = whole.role === "test" ? whole.parent : undefined;
  const sides = [part(node, "left"), part(node, "right")].map((side) => side && text(side)).toSorted().join();
  const isSame = (a: SyntaxNode | undefined, b: SyntaxNode | undefined): boolean =>
    a !== undefined && b !== undefined && [text(a), text(b)].toSorted().join() === sides;
  if (around?.type === "ConditionalExpression" && isSame(part(around, "consequent"), part(around, "alternate"))) {
    return [];
  }
  // Where both sides are known to differ, nothing differs either.
  for (const { type, role, parent } of outward(node)) {
    const test = parent && part(parent, "test");
    const differs = test?.facts.operator === "!==" && isSame(part(test, "left"), part(test, "right"));
    if (type !== "Program" && role === "consequent" && differs) return [];
  }
  const kept = around?.type === "IfStatement" ? part(around, "consequent") : undefined;
  const assignment = kept && part(kept, "expression");
  if (assignment && isSame(part(assignment, "left"), part(assignment, "right"))) return [];
  return binary(flips.comparison)(node, text);
}

const binary = (table: Readonly<Record<string, string>>): Change => (node, text) => {
  if (node.type !== "BinaryExpression" || joinsTexts(node)) return [];
  const operator = table[String(node.facts.operator)];
  if (!operator) return [];
  // A side in parentheses keeps them: the nodes of a tree begin and end within.
  const whole = text(node);
  const [left, right] = [part(node, "left")!.end - node.start, part(node, "right")!.start - node.start];
  const between = whole.slice(left, right).replace(String(node.facts.operator), () => operator);
  return [`(${whole.slice(0, left)}${between}${whole.slice(right)})`];
};

/** Numbers next to a written one. */
function offByOne(node: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  if (node.type === "NumericLiteral" && Number.isInteger(node.facts.value)) {
    return /^\d+$/.test(text(node)) && !isKey(node) ? [`${Number(text(node)) + 1}`, `(${Number(text(node)) - 1})`] : [];
  }
  const isLength = node.type === "MemberExpression" && node.facts.computed === false &&
    part(node, "property")?.facts.name === "length" && !isWritten(node);
  return isLength ? [`(${text(node)} - 1)`, `(${text(node)} + 1)`] : [];
}

function isKey(node: SyntaxNode): boolean {
  return node.role === "key" && node.parent?.facts.computed !== true;
}

function isWritten(node: SyntaxNode): boolean {
  return node.role === "left" && node.parent?.type === "AssignmentExpression" ||
    node.parent?.type === "UpdateExpression" ||
    (node.role === "argument" && node.parent?.facts.operator === "delete");
}

function constant(node: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  if (node.type === "BooleanLiteral") return [`${!node.facts.value}`];
  if (node.type !== "NumericLiteral" || isKey(node)) return [];
  const value = Number(node.facts.value);
  return value === 0 ? ["1"] : value === 1 ? ["0"] : [`(2 * ${text(node)})`, `(${text(node)} / 2)`, "0"];
}

/** Conditions, whole and in parts. */
function condition(node: SyntaxNode, text: (node: SyntaxNode) => string): readonly string[] {
  const isTest = node.role === "test" && node.type !== "SwitchCase" && node.parent?.type !== "SwitchCase";
  if (isTest) return [`!(${text(node)})`];
  if (node.type === "LogicalExpression" && node.facts.operator !== "??") {
    const other = node.facts.operator === "&&" ? "||" : "&&";
    return [`((${text(part(node, "left")!)}) ${other} (${text(part(node, "right")!)}))`];
  }
  return binary(flips.condition)(node, text);
}

const ordered = new Set(["-", "/", "%", "**", "<<", ">>", ">>>", "<", ">", "<=", ">="]);

/** Methods of tensors and expressions whose operands have an order. */
const orderedMethods = new Set(["sub", "div", "pow", "mod", "matmul", "less", "lessEqual", "greater", "greaterEqual"]);

function swapped(node: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  if (node.type === "BinaryExpression" && ordered.has(String(node.facts.operator))) {
    return [`((${text(part(node, "right")!)}) ${node.facts.operator} (${text(part(node, "left")!)}))`];
  }
  if (node.type !== "CallExpression") return [];
  const callee = part(node, "callee")!;
  const given = partsOf(node, "arguments");
  const method = callee.type === "MemberExpression" ? String(part(callee, "property")?.facts.name) : "";
  if (["min", "max", "imul", "hypot", "is"].includes(method)) return [];
  if (given.length === 1 && orderedMethods.has(method) && given[0].type !== "SpreadElement") {
    const object = part(callee, "object")!;
    return [`(${text(given[0])}).${method}(${text(object)})`];
  }
  // Functions and literals have no likely double of the same type beside them.
  const isPlain = (one: SyntaxNode): boolean => !/Function|Spread|Object|Template|String/.test(one.type);
  if (given.length < 2 || !isPlain(given[0]) || !isPlain(given[1]) || text(given[0]) === text(given[1])) return [];
  const rest = given.slice(2).map(text);
  return [`${text(callee)}(${[text(given[1]), text(given[0]), ...rest].join(", ")})`];
}

const terms = new Set(["+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"]);

/** Methods that return something of the same kind as their object. */
const droppable = new Set(
  ("add sub mul div pow neg abs sqrt exp log square reciprocal floor ceil max min sum mean reshape transpose slice flip " +
    "filter map sort toSorted reverse toReversed concat trim trimEnd toLowerCase").split(" "),
);

function dropped(node: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  const isSum = node.type === "BinaryExpression" && terms.has(String(node.facts.operator)) && !joinsTexts(node);
  if (isSum || node.type === "LogicalExpression") {
    const [left, right] = [`(${text(part(node, "left")!)})`, `(${text(part(node, "right")!)})`];
    // Without its right side, `a ?? b` has another type.
    return node.facts.operator === "??" ? [right] : [left, right];
  }
  if (node.type === "UnaryExpression" && ["-", "!", "~"].includes(String(node.facts.operator))) {
    return [`(${text(part(node, "argument")!)})`];
  }
  const callee = node.type === "CallExpression" ? part(node, "callee")! : undefined;
  if (callee?.type !== "MemberExpression") return callee ? droppedFunction(node, text) : [];
  const object = part(callee, "object")!;
  const method = String(part(callee, "property")?.facts.name);
  if (object.facts.name === "Math") return droppedFunction(node, text);
  return droppable.has(method) && object.type !== "Super" ? [`(${text(object)})`] : [];
}

/** Without a rounding, a bound, or a root: one of the arguments alone. */
function droppedFunction(node: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  const callee = part(node, "callee")!;
  const name = String(callee.facts.name ?? part(callee, "property")?.facts.name);
  const given = partsOf(node, "arguments");
  const isPlain = given.every(({ type }) => type !== "SpreadElement");
  return isPlain && /^(min|max|floor|ceil|round|trunc|abs|sqrt|exp|log)$/.test(name)
    ? given.map((one) => `(${text(one)})`)
    : [];
}

/** Whether a call returns a tensor's memory, which the collector would do later; the suite of endurance measures that. */
function returnsMemory(callee: SyntaxNode): boolean {
  return /^(dispose|disposeTree)$/.test(String(callee.facts.name ?? part(callee, "property")?.facts.name));
}

function removedCall(node: SyntaxNode): string[] {
  if (node.type !== "ExpressionStatement") return [];
  const expression = part(node, "expression")!;
  const call = expression.type === "AwaitExpression" || expression.type === "UnaryExpression"
    ? part(expression, "argument")!
    : expression;
  const callee = /CallExpression$/.test(call.type) ? part(call, "callee") : undefined;
  if (callee && returnsMemory(callee)) return [];
  return callee && callee.type !== "Super" ? [";"] : [];
}

/** Statements other than calls: assignments, early exits, and the conditions that guard them. */
function removedStatement(node: SyntaxNode): string[] {
  if (node.type === "ExpressionStatement") {
    return /^(Assignment|Update)Expression$/.test(part(node, "expression")!.type) ? [";"] : [];
  }
  if (node.type === "IfStatement" && !part(node, "alternate")) return node.role === "alternate" ? ["{}"] : [";"];
  const isLoop = /^(ForOf|For|While)Statement$/.test(node.type);
  return isLoop || node.type === "BreakStatement" || node.type === "ContinueStatement" ? [";"] : [];
}

function otherOperator(node: SyntaxNode, text: (node: SyntaxNode) => string): readonly string[] {
  if (node.type === "AssignmentExpression") {
    const operator = flips.assignment[String(node.facts.operator)];
    const [left, right] = [part(node, "left")!, part(node, "right")!];
    return operator && !joinsTexts(right) ? [`${text(left)} ${operator} ${text(right)}`] : [];
  }
  if (node.type === "UpdateExpression") {
    const operator = node.facts.operator === "++" ? "--" : "++";
    const argument = text(part(node, "argument")!);
    return [node.facts.prefix ? `${operator}${argument}` : `${argument}${operator}`];
  }
  const name = node.type === "MemberExpression" && part(node, "object")?.facts.name === "Math"
    ? String(part(node, "property")?.facts.name)
    : "";
  const others: Record<string, string> = { min: "max", max: "min", floor: "ceil", ceil: "floor", round: "floor" };
  return others[name] ? [`Math.${others[name]}`] : binary(flips.operator)(node, text);
}

/** The kinds of mutation by name. */
const changes: Readonly<Record<string, Change>> = {
  "comparison": comparison,
  "off by one": offByOne,
  "changed constant": constant,
  "inverted condition": condition,
  "changed operator": otherOperator,
  "swapped operands": swapped,
  "dropped term": dropped,
  "removed call": removedCall,
  "removed statement": removedStatement,
};

/** The names of the kinds of mutation. */
export const kinds: readonly string[] = Object.keys(changes);

/** All mutations of the text of a module, which is that of a file. */
export function mutationsOf(module: string, file: string): Mutation[] {
  const text = ({ start, end }: SyntaxNode): string => module.slice(start, end);
  const found: Mutation[] = [];
  const visit = (node: SyntaxNode): void => {
    if (isExcluded(node, file)) return;
    for (const [kind, change] of Object.entries(changes)) {
      if (kind === "comparison" && hasChosenBound(node, file)) continue;
      for (const replacement of change(node, text)) {
        const { start, end, line } = node;
        found.push({ kind, start, end, replacement, line });
      }
    }
    node.parts.forEach(visit);
  };
  visit(parseModule(module));
  return found;
}

/** The text of a module with one mutation. */
export function mutate(module: string, { start, end, replacement }: Mutation): string {
  return module.slice(0, start) + replacement + module.slice(end);
}
