/**
 * Finds the rows of a loop: the points of its nests that never need what other rows store.
 *
 * Workgroups cannot wait for each other. So one workgroup can run all turns of a loop for some rows only if no other
 * row ever touches the elements that these rows store, in any turn. Elements that the loop only reads may be read by all.
 *
 * @module
 */

import { type Expression, loadsIn, type Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { checksIndices } from "../../nest/index_checks.ts";
import { expressionsOf, isEmpty, type Nest } from "../../nest/nest.ts";
import type { LoopStep, NestStep, ProgramStep } from "../../nest/program.ts";
import { mapNest } from "../../nest/rewrite.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { type RowAccess, type RowLayout, staysInRow } from "./row_layout.ts";

/** A nest of a loop, and its loop over the rows. */
export interface SlicedNest {
  readonly nest: Nest;
  readonly buffers: readonly number[];
  readonly row: Variable;
}

/** A loop whose rows are independent of each other. */
export interface SlicedLoop {
  readonly counter: Variable;
  readonly rows: number;
  /** Nests that run once before its turns. */
  readonly starts: readonly SlicedNest[];
  readonly nests: readonly SlicedNest[];
  /** The table of the nests' expressions. */
  readonly table: ExpressionTable;
}

/** The most nests of a loop that is considered, and the most choices of their rows that are tried. */
const mostNests = 32;
const mostTries = 500;

/** The steps that have points; undefined if one workgroup could not run them. */
function plainNests(steps: readonly ProgramStep[]): NestStep[] | undefined {
  const nests: NestStep[] = [];
  for (const step of steps) {
    if (step.kind === "loop" || !isPlain(step.nest)) return undefined;
    if (!isEmpty(step.nest)) nests.push(step);
  }
  return nests.length > mostNests ? undefined : nests;
}

/** The starts and the nests of a loop, and both one after the other. */
interface LoopNests {
  readonly starts: readonly NestStep[];
  readonly nests: readonly NestStep[];
  readonly all: readonly NestStep[];
}

function nestsOf({ steps }: LoopStep, before: readonly NestStep[]): LoopNests | undefined {
  const [starts, nests] = [plainNests(before), plainNests(steps)];
  return starts && nests && nests.length > 0 ? { starts, nests, all: [...starts, ...nests] } : undefined;
}

/** A loop with nests before it as a single row, so that one workgroup runs all of it; undefined if it could not. */
export function asOneRow(loop: LoopStep, starts: readonly NestStep[] = []): SlicedLoop | undefined {
  const found = nestsOf(loop, starts);
  if (!found) return undefined;
  const table = new ExpressionTable();
  const row = table.variable("row", 1);
  const withRow = (nests: readonly NestStep[]) =>
    nests.map(({ nest, buffers }): SlicedNest => ({ nest, buffers, row }));
  return { counter: loop.counter, rows: 1, starts: withRow(found.starts), nests: withRow(found.nests), table };
}

/**
 * The rows of a loop, with nests before it that have the same ones; undefined if there are none, or none that this
 * analysis finds.
 */
export function findSlices(loop: LoopStep, starts: readonly NestStep[] = []): SlicedLoop | undefined {
  const found = nestsOf(loop, starts);
  if (!found) return undefined;
  const table = new ExpressionTable();
  for (const rows of rowCounts(found.all)) {
    const sliced = new RowSearch(table, found.all, rows).find();
    const count = found.starts.length;
    if (sliced) {
      return { counter: loop.counter, rows, starts: sliced.slice(0, count), nests: sliced.slice(count), table };
    }
  }
  return undefined;
}

/** True for nests without what must be in order over several workgroups: sums in memory, and the record of indices. */
function isPlain(nest: Nest): boolean {
  return nest.phases.every(({ stores }) => stores.every(({ add }) => !add)) && !checksIndices(nest);
}

/** The numbers of rows to try: extents of loops, those of outermost ones first, that divide a loop of each nest. */
function rowCounts(nests: readonly NestStep[]): number[] {
  const depth = Math.max(...nests.map(({ nest }) => nest.outer.length));
  const extents = Array.from({ length: depth }, (_, level) => nests.flatMap(({ nest }) => nest.outer[level] ?? []))
    .flat().map(({ extent }) => extent);
  const common = extents.reduce((a, b) => greatestDivisor(a, b), 0);
  return [...new Set([...extents, common])].filter((rows) =>
    rows > 1 && nests.every(({ nest }) => nest.outer.some(({ extent }) => extent % rows === 0))
  );
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

type Layouts = ReadonlyMap<number, RowLayout>;

/** Chooses a loop of each nest as that over the rows, so that all accesses agree about the rows of every buffer. */
class RowSearch {
  readonly #choices = new Map<NestStep, readonly SlicedNest[]>();
  readonly #written: ReadonlySet<number>;
  #tries = 0;

  constructor(readonly table: ExpressionTable, readonly nests: readonly NestStep[], readonly rows: number) {
    this.#written = new Set(
      nests.flatMap(({ nest: { slots }, buffers }) => buffers.filter((_, slot) => slots[slot].access !== "read")),
    );
  }

  find(number = 0, layouts: Layouts = new Map()): SlicedNest[] | undefined {
    if (number === this.nests.length) return [];
    for (const sliced of this.#choicesOf(this.nests[number])) {
      if (++this.#tries > mostTries) return undefined;
      const more = this.#withAccesses(layouts, sliced);
      const rest = more && this.find(number + 1, more);
      if (rest) return [sliced, ...rest];
    }
    return undefined;
  }

  #choicesOf(step: NestStep): readonly SlicedNest[] {
    let choices = this.#choices.get(step);
    if (!choices) {
      const whole = step.nest.outer.filter(({ extent }) => extent === this.rows);
      const longer = step.nest.outer.filter(({ extent }) => extent !== this.rows && extent % this.rows === 0);
      choices = [...whole, ...longer].map((loop) => this.#along(step, loop));
      this.#choices.set(step, choices);
    }
    return choices;
  }

  /** The nest with one of its loops, or the outer one of the two into which it is cut, as that over the rows. */
  #along({ nest, buffers }: NestStep, loop: Variable): SlicedNest {
    const { table, rows } = this;
    if (loop.extent === rows) {
      return { nest: mapNest(nest, { expression: table.substitution(new Map()) }), buffers, row: loop };
    }
    const row = table.variable("row", rows);
    const rest = table.variable("rest", loop.extent / rows);
    const number = table.affine([[row, rest.extent], [rest, 1]]);
    const expression = table.substitution(new Map<Expression, Expression>([[loop, number]]));
    const loops = (variables: readonly Variable[]): Variable[] =>
      variables.flatMap((variable) => variable === loop ? [row, rest] : [variable]);
    return { nest: mapNest(nest, { expression, loops }), buffers, row };
  }

  /** The layouts with those of a nest's buffers; undefined if one of its accesses may leave its row. */
  #withAccesses(layouts: Layouts, { nest, buffers, row }: SlicedNest): Layouts | undefined {
    const all = new Map(layouts);
    for (const { slot, ...access } of accessesOf(nest)) {
      const buffer = buffers[slot];
      if (!this.#written.has(buffer)) continue;
      const layout = all.get(buffer) ?? this.#layoutBy(access, row);
      if (!layout || !staysInRow(this.table, { ...access, row }, layout)) return undefined;
      all.set(buffer, layout);
    }
    return all;
  }

  #layoutBy({ index }: RowAccess, row: Variable): RowLayout | undefined {
    const stride = coefficientOf(index, row);
    return stride > 0 ? { stride, period: stride * this.rows } : undefined;
  }
}

/** All accesses of a nest to elements. */
function accessesOf(nest: Nest): (RowAccess & { readonly slot: number })[] {
  const stores = nest.phases.flatMap((phase) => phase.stores);
  return [...stores, ...loadsIn(expressionsOf(nest))].map(({ slot, index, guard }) => ({ slot, index, guard }));
}
