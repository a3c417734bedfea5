/**
 * Memory in vectors of four: which buffers of a kernel can be read and written four neighbors at a time.
 *
 * @module
 */

import { type Expression, loadsIn, termsOf } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import { expressionsOf, type Phase, type Slot, type Store } from "../../nest/nest.ts";

/** Elements of one vector. */
export const vectorWidth = 4;

/** An element as a part of a vector. */
export interface VectorElement {
  /** The number of the vector. */
  readonly vector: Expression;
  /** The place of the element in it. */
  readonly component: number;
}

/** The vector in which the element at `index` lies, where its place in it is the same for all threads. */
export function vectorElement(table: ExpressionTable, index: Expression): VectorElement | undefined {
  const { terms, constant } = termsOf(index);
  if (terms.some(([, factor]) => factor % vectorWidth !== 0)) return undefined;
  const component = ((constant % vectorWidth) + vectorWidth) % vectorWidth;
  const parts = terms.map(([term, factor]) => [term, factor / vectorWidth] as const);
  return { vector: table.affine(parts, (constant - component) / vectorWidth), component };
}

/**
 * The slots of which every access is to a known component of a vector, and every store part of a whole vector.
 * `points` holds each phase once for each point of a thread.
 */
export function vectorSlots(
  table: ExpressionTable,
  slots: readonly Slot[],
  points: readonly (readonly Phase[])[],
): Set<number> {
  const fit = new Set(slots.flatMap(({ elements }, slot) => elements % vectorWidth === 0 ? [slot] : []));
  const used = new Set<number>();
  for (const { slot, index } of loadsIn(expressionsOf({ phases: points.flat() }))) {
    used.add(slot);
    if (!vectorElement(table, index)) fit.delete(slot);
  }
  points[0].forEach(({ stores }, phase) =>
    stores.forEach(({ slot }, number) => {
      used.add(slot);
      if (!isWholeVector(table, points.map((phases) => phases[phase].stores[number]))) fit.delete(slot);
    })
  );
  return new Set([...fit].filter((slot) => used.has(slot)));
}

function isWholeVector(table: ExpressionTable, stores: readonly Store[]): boolean {
  const elements = stores.map(({ index, guard, add }) => guard || add ? undefined : vectorElement(table, index));
  return elements.length === vectorWidth &&
    elements.every((element, component) =>
      element !== undefined && element.component === component && element.vector === elements[0]?.vector
    );
}
