/**
 * Expressions and nests as text, for people.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { Nest, Phase, Store } from "./nest.ts";

const infix: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  mod: "%",
  lt: "<",
  le: "<=",
  eq: "==",
  ne: "!=",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr: ">>",
}; // deno-fmt-ignore

/** An expression as a formula; slot `s` is written `s0`, `s1`, … */
export function showExpression(e: Expression): string {
  switch (e.kind) {
    case "literal":
      return String(e.value);
    case "variable":
      return e.name;
    case "result":
      return `r${e.reduction}`;
    case "load":
      return `s${e.slot}[${showExpression(e.index)}]${e.guard ? ` if ${showExpression(e.guard)}` : ""}`;
    case "affine": {
      const terms = e.terms.map(([term, c]) => c === 1 ? showExpression(term) : `${c}*${showExpression(term)}`);
      return `(${[...terms, ...(e.constant ? [e.constant] : [])].join(" + ")})`;
    }
    case "apply": {
      const args = e.args.map(showExpression);
      return e.op in infix ? `(${args.join(` ${infix[e.op]} `)})` : `${e.op}(${args.join(", ")})`;
    }
  }
}

const showLoops = (variables: readonly Variable[]): string =>
  variables.map(({ name, extent }) => `${name} < ${extent}`).join(", ") || "once";

function showStore({ slot, index, value, guard, add }: Store): string {
  return `s${slot}[${showExpression(index)}] ${add ? "+=" : "="} ${showExpression(value)}${
    guard ? ` if ${showExpression(guard)}` : ""
  }`;
}

function showPhase({ inner, reductions, stores }: Phase): string[] {
  return [
    `  for ${showLoops(inner)}:`,
    ...reductions.map(({ id, kind, value }) => `    r${id} = ${kind} ${showExpression(value)}`),
    ...stores.map((store) => `    ${showStore(store)}`),
  ];
}

/** A nest as loops. */
export function showNest(nest: Nest): string {
  const slots = nest.slots.map(({ dtype, elements, access }, i) => `s${i}: ${access} ${dtype}[${elements}]`).join(", ");
  return [`${nest.name} (${slots})`, ` for ${showLoops(nest.outer)}:`, ...nest.phases.flatMap(showPhase)].join("\n");
}
