/**
 * Expressions and nests as text.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { Nest, Phase, Store } from "./nest.ts";
import { scalarOps } from "../scalar/operations.ts";

/** Names of loop counters. */
type Names = (variable: Variable) => string;

/** An expression as a formula: slots are written `s0`, `s1`, … and reductions `r0`, `r1`, … */
export function showExpression(e: Expression, names: Names = ({ name }) => name): string {
  const show = (part: Expression): string => showExpression(part, names);
  switch (e.kind) {
    case "literal":
      return String(e.value);
    case "variable":
      return names(e);
    case "result":
      return `r${e.reduction}`;
    case "load":
      return `s${e.slot}[${showIndex(e.index, names)}]${e.guard ? ` if ${show(e.guard)}` : ""}`;
    case "affine":
      return `(${showIndex(e, names)})`;
    case "checked":
      return `checked(${show(e.index)} < ${e.size})`;
    case "apply": {
      const args = e.args.map(show);
      const { symbol } = scalarOps[e.op];
      return symbol ? `(${args.join(` ${symbol} `)})` : `${e.op}(${args.join(", ")})`;
    }
  }
}

function showIndex(e: Expression, names: Names): string {
  if (e.kind !== "affine") return showExpression(e, names);
  const terms = e.terms.map(([term, c]) =>
    c === 1 ? showExpression(term, names) : `${c}*${showExpression(term, names)}`
  );
  return [...terms, ...(e.constant ? [e.constant] : [])].join(" + ");
}

/** Short names for the loops of a nest: i0, i1, … for outer loops, k0, … for inner loops, t0, … for scans. */
function namesOf({ outer, counters, phases }: Nest): Names {
  const names = new Map<Variable, string>();
  outer.forEach((variable, i) => names.set(variable, `i${i}`));
  counters.forEach((variable, i) => names.set(variable, `t${i}`));
  [...new Set(phases.flatMap(({ inner }) => inner))].forEach((variable, i) => names.set(variable, `k${i}`));
  return (variable) => names.get(variable) ?? variable.name;
}

function showLoops(variables: readonly Variable[], names: Names): string {
  return variables.map((variable) => `${names(variable)} < ${variable.extent}`).join(", ") || "once";
}

function showStore({ slot, index, value, guard, add }: Store, names: Names): string {
  const condition = guard ? ` if ${showExpression(guard, names)}` : "";
  return `s${slot}[${showIndex(index, names)}] ${add ? "+=" : "="} ${showExpression(value, names)}${condition}`;
}

function showPhase({ inner, reductions, stores }: Phase, names: Names): string[] {
  return [
    `  for ${showLoops(inner, names)}:`,
    ...reductions.map(({ id, kind, value }) => `    r${id} = ${kind} ${showExpression(value, names)}`),
    ...stores.map((store) => `    ${showStore(store, names)}`),
  ];
}

/** A nest as loops. */
export function showNest(nest: Nest): string {
  const names = namesOf(nest);
  const slots = nest.slots.map(({ dtype, elements, access }, i) => `s${i}: ${access} ${dtype}[${elements}]`).join(", ");
  const phases = nest.phases.flatMap((phase) => showPhase(phase, names));
  return [`${nest.name} (${slots})`, ` for ${showLoops(nest.outer, names)}:`, ...phases].join("\n");
}
