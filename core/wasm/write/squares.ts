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
import { type Range, type VectorLoop, vectorLoops } from "./iteration.ts";

/** The turn of a square that is being written. */
export interface Turn {
  readonly across: Variable;
  /** Its number; undefined if the turns are the copies of the body. */
  readonly number: number | undefined;
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
    const first = firstTurn(writer, across, counter);
    scope.eachCopy((copy) => writeTurns(writer, { across, first, counter }, () => point(copy)), { inTurn: true });
  });
  if (even) return;
  scope.loop({ from: rest, to, step: 1 }, (counter) => {
    scope.bind(across, counter);
    scope.eachCopy(point);
  });
}

/** Binds the counter of the first turn to a variable of its own, to which expressions of all turns are rewritten. */
function firstTurn(writer: ExpressionWriter, across: Variable, counter: Local): Substitution {
  const start = writer.table.variable(across.name, across.extent);
  writer.scope.bind(start, counter);
  return writer.table.substitution(new Map([[across, start]]));
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
  writeSquares(writer, { ...square, kept });
}

/** Two outer loops in squares. */
export interface RowLoops {
  readonly rows: SquareLoop;
  readonly lanes: VectorLoop;
}

/** Writes `body` for the points of two loops, with four rows as copies where that is possible. */
export function inRowSquares(writer: ExpressionWriter, { rows, lanes }: RowLoops, body: () => void): void {
  const { scope } = writer;
  const { across, from, to, even } = rows;
  const oneRow = (row: Local): void => {
    scope.bind(across, row);
    body();
  };
  const end = scope.op("i32.sub", [to, scope.i32(LANES - 1)]);
  const rest = scope.loop({ from, to: end, step: LANES }, (counter) => {
    const first = firstTurn(writer, across, counter);
    const others = [1, 2, 3].map((row) => scope.op("i32.add", [counter, scope.i32(row)]));
    scope.bind(across, counter, ...others);
    vectorLoops(scope, lanes, (vector) => {
      const next = scope.op("i32.add", [counter, scope.i32(LANES)]);
      if (!vector) return void scope.loop({ from: counter, to: next, step: 1 }, oneRow);
      scope.replicate(LANES);
      writer.turn = { across, first, kept: new Map(), number: undefined };
      body();
      writer.turn = undefined;
    });
  });
  if (even) return;
  scope.loop({ from: rest, to, step: 1 }, (row) => {
    scope.bind(across, row);
    vectorLoops(scope, lanes, body);
  });
}

/** Stores what all copies of a point have kept. */
export function storeKept(writer: ExpressionWriter): void {
  const { turn } = writer;
  if (!turn) return;
  writeSquares(writer, turn);
  turn.kept.clear();
}

function writeSquares(writer: ExpressionWriter, { first, kept }: Pick<Turn, "first" | "kept">): void {
  for (const [store, values] of kept) writeSquare(writer, { ...store, index: first(store.index) }, values);
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
  return square![turn.number ?? scope.copy];
}

/** Whether a value is stored in squares. */
export function isKept(writer: ExpressionWriter, store: Store): boolean {
  return !store.guard && !store.add && isInSquare(writer, store);
}

/** Keeps a value of this turn until the last turn is written. */
export function keep({ turn }: ExpressionWriter, store: Store, value: Local): void {
  turn!.kept.set(store, [...turn!.kept.get(store) ?? [], value]);
}

/** An address, and the bytes that the instruction adds to it. */
export interface OffsetAddress {
  readonly address: Local;
  readonly offset: number;
}

/** The address of an element. The turns of a square share its address, if their elements are always as far apart. */
export function addressOf(writer: ExpressionWriter, { slot, index }: Element): OffsetAddress {
  const { turn, scope } = writer;
  const stride = turn && strideAlong(index, turn.across);
  if (!turn || stride === undefined || !isOffset(stride)) return { address: writer.address(slot, index), offset: 0 };
  return { address: writer.address(slot, turn.first(index)), offset: 4 * stride * (turn.number ?? scope.copy) };
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
  return transpose(scope, rows.map(({ address, offset }) => scope.op("v128.load", [address], offset)));
}

function writeSquare(writer: ExpressionWriter, element: Element, values: readonly Local[]): void {
  const { scope } = writer;
  const rows = rowsOf(writer, element);
  transpose(scope, values).forEach((value, i) => {
    scope.code.statement((code) => code.get(rows[i].address).get(value).op("v128.store", rows[i].offset));
  });
}

/** The address of each lane's row. */
function rowsOf(writer: ExpressionWriter, { slot, index }: Element): OffsetAddress[] {
  const { scope } = writer;
  const stride = writer.stride(index)!;
  const address = writer.address(slot, index);
  return [0, 4, 8, 12].map((bytes) =>
    isOffset(stride)
      ? { address, offset: bytes * stride }
      : { address: scope.op("i32.add", [address, scope.i32(bytes * stride)]), offset: 0 }
  );
}
