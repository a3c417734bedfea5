/**
 * Squares: four lanes of four successive values of another loop, which is written as four turns. Elements that are next
 * to each other along that loop are read as four vectors and transposed, or collected and stored after the last turn.
 *
 * @module
 */

import type { Load, Variable } from "../../nest/expression.ts";
import type { Substitution } from "../../nest/expression_table.ts";
import type { Store } from "../../nest/nest.ts";
import { LANES } from "../encode/lanes.ts";
import type { Local } from "../scalar/code_scope.ts";
import { transpose } from "../scalar/shuffles.ts";
import { strideAlong } from "../../nest/strides.ts";
import { isSquare } from "../schedule/squares.ts";
import type { ExpressionWriter } from "./expressions.ts";
import type { Range } from "./iteration.ts";

/** The turn of a square that is being written. */
export interface Turn {
  readonly across: Variable;
  readonly number: number;
  /** Rewrites an expression for the first turn. */
  readonly first: Substitution;
  /** The values of earlier turns, and of this one, that are stored after the last turn. */
  readonly kept: Map<Store, Local[]>;
}

/** A loop in squares. */
export interface SquareLoop extends Range {
  readonly across: Variable;
  /** Whether the length of each range is a multiple of four. */
  readonly even: boolean;
}

/** Writes `point` for each copy and each value of a loop: four values of one copy after the other, and then the rest. */
export function inSquares(
  writer: ExpressionWriter,
  { across, from, to, even }: SquareLoop,
  point: (copy: number) => void,
): void {
  const { scope } = writer;
  const end = even ? to : scope.op("i32.sub", [to, scope.i32(LANES - 1)]);
  const rest = scope.loop({ from, to: end, step: LANES }, (counter) => {
    const start = writer.table.variable(across.name, across.extent);
    scope.bind(start, counter);
    const first = writer.table.substitution(new Map([[across, start]]));
    scope.eachCopy((copy) => writeTurns(writer, { across, first, counter }, () => point(copy)), { inTurn: true });
  });
  if (even) return;
  scope.loop({ from: rest, to, step: 1 }, (counter) => {
    scope.bind(across, counter);
    scope.eachCopy(point);
  });
}

function writeTurns(
  writer: ExpressionWriter,
  { counter, ...square }: Pick<Turn, "across" | "first"> & { readonly counter: Local },
  point: () => void,
): void {
  const { scope } = writer;
  const kept = new Map<Store, Local[]>();
  for (let number = 0; number < LANES; number++) {
    scope.deeper(() => {
      scope.bind(square.across, number ? scope.op("i32.add", [counter, scope.i32(number)]) : counter);
      writer.turn = { ...square, number, kept };
      point();
      writer.turn = undefined;
    }, (code) => scope.code.append(code));
  }
  for (const [store, values] of kept) writeSquare(writer, { ...store, index: square.first(store.index) }, values);
}

/** The lanes of a load in this turn, if it is read in squares. */
export function squareLoad(writer: ExpressionWriter, load: Load): Local | undefined {
  const { scope, turn } = writer;
  if (!turn || load.guard || !isInSquare(writer, load)) return undefined;
  const first = turn.first(load);
  const { level, copied } = scope.facts(first);
  const { squares } = scope.known(level, copied);
  let square = squares.get(first);
  if (!square) {
    scope.at(level, copied, () => {
      square = readSquare(writer, { slot: load.slot, index: turn.first(load.index) });
      return square[0];
    });
    squares.set(first, square!);
  }
  return square![turn.number];
}

/** Whether a value is stored in squares. */
export function isKept(writer: ExpressionWriter, store: Store): boolean {
  return !store.guard && !store.add && isInSquare(writer, store);
}

/** Keeps a value of this turn until the last turn is written. */
export function keep({ turn }: ExpressionWriter, store: Store, value: Local): void {
  turn!.kept.set(store, [...turn!.kept.get(store) ?? [], value]);
}

/** An address, and the bytes after it. */
export interface Place {
  readonly address: Local;
  readonly bytes: number;
}

/** The place of an element. The turns of a square share its address, if their elements are always as far apart. */
export function placeOf(writer: ExpressionWriter, { slot, index }: Element): Place {
  const { turn } = writer;
  const stride = turn && strideAlong(index, turn.across);
  if (!turn || stride === undefined || !isOffset(stride)) return { address: writer.address(slot, index), bytes: 0 };
  return { address: writer.address(slot, turn.first(index)), bytes: 4 * stride * turn.number };
}

/** Instructions can add this to an address for each row of a square. */
const MOST_STRIDE = 2 ** 24;

function isOffset(stride: number): boolean {
  return stride >= 0 && stride <= MOST_STRIDE;
}

function isInSquare({ scope: { lanes }, turn }: ExpressionWriter, { index }: Pick<Load, "index">): boolean {
  return !!lanes && !!turn && isSquare(index, { lanes, across: turn.across });
}

/** An element of a buffer. */
type Element = Pick<Load, "slot" | "index">;

/** The vectors of the four turns. */
function readSquare(writer: ExpressionWriter, element: Element): Local[] {
  const { scope } = writer;
  const rows = rowsOf(writer, element);
  return transpose(scope, rows.map(({ address, bytes }) => scope.op("v128.load", [address], bytes)));
}

function writeSquare(writer: ExpressionWriter, element: Element, values: readonly Local[]): void {
  const { scope } = writer;
  const rows = rowsOf(writer, element);
  transpose(scope, values).forEach((value, i) => {
    scope.code.statement((code) => code.get(rows[i].address).get(value).op("v128.store", rows[i].bytes));
  });
}

/** The place of each lane's row. */
function rowsOf(writer: ExpressionWriter, { slot, index }: Element): Place[] {
  const { scope } = writer;
  const stride = writer.stride(index)!;
  const address = writer.address(slot, index);
  return [0, 4, 8, 12].map((bytes) =>
    isOffset(stride)
      ? { address, bytes: bytes * stride }
      : { address: scope.op("i32.add", [address, scope.i32(bytes * stride)]), bytes: 0 }
  );
}
