/**
 * Loops.
 *
 * @module
 */

import { refuseSurplus } from "./options/surplus.ts";
import { addPrints, collectPrints } from "./debugging/prints.ts";
import { closeOver } from "./graph/close_over.ts";
import { parameter } from "./graph/node.ts";
import { makeNode } from "./graph/ops.ts";
import { limitsOf, passLimits } from "./index_limits.ts";
import { functionKind } from "./options/kinds.ts";
import { checkArgument, readOptions, wrongKind } from "./options/read.ts";
import { count } from "./options/numbers.ts";
import type { Declaration } from "./options/option.ts";
import { flag } from "./options/values.ts";
import { settleTuple, staged } from "./runtime.ts";
import { Tensor } from "./tensor.ts";
import { type Flat, flattenTree } from "./tree.ts";

/** Options of {@linkcode scan}. */
export interface ScanOptions {
  /** Runs from the last element to the first; the stacked outputs stay in the order of the inputs. */
  readonly reverse?: boolean;
  /** The number of iterations; default: the length of the inputs, if there are any. */
  readonly length?: number;
}

const scanOptions = {
  reverse: flag({ default: false, help: "whether to run from the last element to the first" }),
  length: count({ least: 0, otherwise: "that of the inputs", help: "number of iterations" }),
} satisfies Declaration<ScanOptions>;

function lengthOf(stacked: readonly Tensor[], length: number | undefined): number {
  if (stacked.length === 0 && length === undefined) {
    throw new TypeError(
      "Cannot scan without inputs: expected one length, of tensors to loop over or as option length",
    );
  }
  const lengths = [...new Set([...stacked.map(({ shape }) => shape[0]), ...(length === undefined ? [] : [length])])];
  if (lengths.length !== 1 || lengths[0] === undefined) {
    throw new TypeError(
      `Cannot scan over inputs of lengths ${stacked.map(({ shape }) => shape[0] ?? "none (a scalar)").join(", ")}${
        length === undefined ? "" : ` and length ${length}`
      }: expected one length`,
    );
  }
  return lengths[0];
}

function pairOf(stepped: unknown): readonly unknown[] {
  if (Array.isArray(stepped) && stepped.length === 2) return stepped;
  throw wrongKind("scan", "the body to return [carry, output]", stepped);
}

/** Refuses a carry of another form. */
function checkCarry(expected: Flat, { structure }: Flat): void {
  if (structure !== expected.structure) {
    throw new TypeError(
      `Cannot scan: the body must return a carry of the form ${expected.structure}, got ${structure}`,
    );
  }
}

/**
 * Loops over the leading axis of `xs`: `[carry, y] = body(carry, x)` for each x in order. Returns the last carry and
 * the stacked ys. Carries, inputs and outputs are trees. The body is compiled once, however many iterations there are.
 *
 * @throws {TypeError} if lengths differ, or the body changes the carry's form, shapes or element types.
 *
 * @example
 * ```ts
 * import { scan, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const running = (total: Tensor, x: Tensor): [Tensor, Tensor] => [total.add(x), total.add(x)];
 * const [total, sums] = scan(running, tensor(0), tensor([1, 2, 3]));
 * assertEquals(await total.item(), 6);
 * assertEquals(await sums.toArray(), [1, 3, 6]);
 * ```
 */
export function scan<C, X, Y>(
  body: (carry: C, x: X) => readonly [C, Y],
  carry: C,
  xs: X,
  options: ScanOptions = {},
): [C, Y] {
  refuseSurplus("scan", arguments, 4);
  checkArgument("scan", body, functionKind);
  const { reverse, length } = readOptions("scan", scanOptions, options);
  const state = flattenTree(carry);
  const inputs = flattenTree(xs);
  const turns = lengthOf(inputs.leaves, length);
  const types = [...state.leaves, ...inputs.leaves.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }))];
  const parameters = types.map((type, i) => parameter(i, type));
  const tensors = parameters.map((node) => new Tensor(node));
  const carries = state.leaves.length;
  const { value, prints, nodes: printed } = collectPrints(() =>
    staged(() => body(state.rebuild(tensors.slice(0, carries)) as C, inputs.rebuild(tensors.slice(carries)) as X))
  );
  const [next, output] = pairOf(value);
  passLimits(limitsOf(parameters.slice(carries)), inputs.leaves);
  const [newState, outputs] = [flattenTree(next), flattenTree(output)];
  checkCarry(state, newState);
  const results = [...newState.leaves, ...outputs.leaves].map(({ node }) => node);
  const { graph, outside } = closeOver({ parameters, results: [...results, ...printed] });
  const nodes = [...state.leaves, ...inputs.leaves].map(({ node }) => node);
  const tuple = makeNode("scan", [...nodes, ...outside], {
    body: graph,
    length: turns,
    carries,
    stacked: inputs.leaves.length,
    reverse,
  });
  const picks = settleTuple(tuple.results!.map((_, index) => makeNode("pick", [tuple], { index })));
  const loop = { kind: "loop", length: turns, reverse, prints } as const;
  addPrints({ prints: [loop], nodes: picks.slice(results.length) });
  const made = picks.map((node) => new Tensor(node));
  return [state.rebuild(made.slice(0, carries)) as C, outputs.rebuild(made.slice(carries, results.length)) as Y];
}
