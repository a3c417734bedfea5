/**
 * Options whose values are shapes, and pairs of numbers for height and width.
 *
 * @module
 */

import type { Shape } from "../shape.ts";
import { isListOf } from "./items.ts";
import { type Declared, type Kind, makeKind, optionOf, type OptionSpec } from "./option.ts";

/** Limits of a shape. */
interface Extents {
  /** The least extent. */
  readonly least: number;
  /** The number of axes, if it is fixed. */
  readonly rank?: number | undefined;
  /** Whether null may stand for any extent. */
  readonly open?: boolean;
}

/** The specification of a shape. */
export interface ShapeSpec<T> extends OptionSpec<T> {
  /** The least extent (default: 1). */
  readonly least?: number;
  /** The number of axes, if it is fixed. */
  readonly rank?: number;
}

/** Two numbers: height and width. */
type Two = readonly [number, number];

const amounts: readonly string[] = ["no", "one", "two", "three", "four", "five"];

function extentsKind<T extends readonly (number | null)[]>({ least, rank, open = false }: Extents): Kind<T> {
  const amount = rank === undefined ? "a list of" : amounts[rank] ?? String(rank);
  const isList = (value: unknown): value is readonly unknown[] =>
    Array.isArray(value) && (rank === undefined || value.length === rank);
  const fits = (extent: unknown): boolean =>
    typeof extent === "number" ? Number.isSafeInteger(extent) && extent >= least : open && extent === null;
  return makeKind<T>({
    expected: `${amount} whole number${rank === 1 ? "" : "s"} of at least ${least}${open ? ", or null for any" : ""}`,
    accepts: (value): value is T => isList(value) && isListOf(value, fits),
    resembles: (value) =>
      isList(value) && isListOf(value, (extent) => typeof extent === "number" || open && extent === null),
    // It may be in brackets, as in code.
    parse: (text) => text.replace(/^\[(.*)\]$/, "$1").split(",").map(extentIn),
  });
}

function extentIn(text: string): number | null | undefined {
  const word = text.trim();
  return word === "null" ? null : word === "" ? undefined : Number(word);
}

/**
 * A list of whole numbers of at least 1, or of at least `least`.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.shape().accepts([28, 28]), option.shape({ rank: 3 }).accepts([28, 28])], [true, false]);
 * ```
 */
export function shape<S extends ShapeSpec<Shape>>(spec?: S): Declared<Shape, S> {
  return optionOf(extentsKind<Shape>({ least: 1, ...spec }), spec);
}

/**
 * A shape in which null stands for any extent, such as that of the batch.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.openShape().accepts([null, 784]), option.shape().accepts([null, 784])], [true, false]);
 * ```
 */
export function openShape<S extends ShapeSpec<readonly (number | null)[]>>(
  spec?: S,
): Declared<readonly (number | null)[], S> {
  return optionOf(extentsKind<readonly (number | null)[]>({ least: 1, ...spec, open: true }), spec);
}

/**
 * Two whole numbers of at least 1, or of at least `least`: height and width.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.pair().accepts([2, 2]), option.pair().accepts(2)], [true, false]);
 * ```
 */
export function pair<S extends Omit<ShapeSpec<Two>, "rank">>(spec?: S): Declared<Two, S> {
  return optionOf(extentsKind<Two>({ least: 1, ...spec, rank: 2 }), spec);
}

/** Two whole numbers for each axis: before and after. */
type Sides = readonly (readonly [number, number])[];

/**
 * A pair of whole numbers of at least `least` (default: any) for each axis: how much is added before and after.
 */
export function sides<S extends Omit<ShapeSpec<Sides>, "rank">>(spec?: S): Declared<Sides, S> {
  const least = spec?.least ?? -Infinity;
  const fits = (count: unknown): boolean => typeof count === "number" && Number.isSafeInteger(count) && count >= least;
  const isPair = (one: unknown): boolean => isListOf(one, fits) && one.length === 2;
  const kind = makeKind<Sides>({
    expected: `a pair of whole numbers${least === -Infinity ? "" : ` of at least ${least}`} for each axis`,
    accepts: (value): value is Sides => isListOf(value, isPair),
    resembles: Array.isArray,
  });
  return optionOf(kind, spec);
}
