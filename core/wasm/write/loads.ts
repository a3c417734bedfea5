/**
 * Loads and stores of four lanes, chosen by the difference of the index from lane to lane.
 *
 * @module
 */

import type { Expression, Load } from "../../nest/expression.ts";
import type { Store } from "../../nest/nest.ts";
import { spanAlong } from "../../nest/strides.ts";
import type { Code } from "../encode/assembler.ts";
import { bytesOfLanes, LANES } from "../encode/lanes.ts";
import { conditionsOf, isNearMemory, isSumOf } from "../schedule/near_memory.ts";
import { conjunctionOf } from "../schedule/skipping.ts";
import { addressOf, isKept, keep, squareLoad } from "./squares.ts";
import type { ExpressionWriter } from "./expressions.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";

/** Reads all lanes from around the address of the first one. */
type WideRead = (writer: ExpressionWriter, address: Local) => Local;

/** Reads by the difference of the index from lane to lane. */
const wideReads: ReadonlyMap<number | undefined, WideRead> = new Map<number, WideRead>([
  [0, ({ scope }, address) => scope.op("v128.load32_splat", [address])],
  [1, ({ scope }, address) => scope.op("v128.load", [address])],
  [2, ({ scope }, address) => {
    const halves = [scope.op("v128.load", [address]), scope.op("v128.load", [address], 16)];
    return scope.op("i8x16.shuffle", halves, ...bytesOfLanes(0, 2, 4, 6));
  }],
  [-1, ({ scope }, address) => {
    const lanes = scope.op("v128.load", [scope.op("i32.sub", [address, scope.i32(12)])]);
    return scope.op("i8x16.shuffle", [lanes, lanes], ...bytesOfLanes(3, 2, 1, 0));
  }],
]);

/** How to read all lanes of a load at once, within 7 elements of the first; undefined if they may be farther apart. */
function wideReadOf(writer: ExpressionWriter, { index }: Load): WideRead | undefined {
  const known = wideReads.get(writer.stride(index));
  if (known) return known;
  const { lanes } = writer.scope;
  const span = lanes && spanAlong(index, lanes, LANES);
  return span !== undefined && span < LANES ? (_, address) => nearRead(writer, index, address) : undefined;
}

/** Reads four elements and picks from them by the distance of each lane's index from the first. */
function nearRead(writer: ExpressionWriter, index: Expression, address: Local): Local {
  const { scope } = writer;
  const first = scope.op("i32x4.splat", [writer.scalar(index)]);
  const distance = scope.op("i32x4.sub", [writer.vector(index), first]);
  const bytes = scope.op("i32x4.mul", [distance, scope.i32x4(0x04040404)]);
  const picked = scope.op("i32x4.add", [bytes, scope.i32x4(0x03020100)]);
  return scope.op("i8x16.swizzle", [scope.op("v128.load", [address]), picked]);
}

/** The lanes of a load; 0 if its guard is false. */
export function writeLoad(writer: ExpressionWriter, load: Load): Local {
  const { scope } = writer;
  if (!load.guard) return unguarded(writer, load);
  if (!scope.facts(load.guard).varies) return oneGuard(writer, load, writer.scalar(load.guard));
  return guardInLanes(writer, load, load.guard);
}

function unguarded(writer: ExpressionWriter, load: Load): Local {
  const inSquare = squareLoad(writer, load);
  if (inSquare !== undefined) return inSquare;
  if (writer.stride(load.index) === 1) {
    const { address, offset } = addressOf(writer, load);
    return writer.scope.op("v128.load", [address], offset);
  }
  const wide = wideReadOf(writer, load);
  if (wide) return wide(writer, writer.address(load.slot, load.index));
  return gather(writer, laneAddresses(writer, load.slot, load.index));
}

/** The address of each lane's element. */
function laneAddresses(writer: ExpressionWriter, slot: number, index: Load["index"]): Local[] {
  const { scope } = writer;
  const stride = writer.stride(index);
  if (stride !== undefined) {
    const first = writer.address(slot, index);
    return [0, 1, 2, 3].map((lane) => lane ? scope.op("i32.add", [first, scope.i32(4 * stride * lane)]) : first);
  }
  const indices = writer.vector(index);
  const offsets = scope.op("i32x4.shl", [indices, scope.i32(2)]);
  const base = writer.slots[slot];
  return [0, 1, 2, 3].map((lane) => scope.op("i32.add", [scope.op("i32x4.extract_lane", [offsets], lane), base]));
}

function gather({ scope }: ExpressionWriter, addresses: readonly Local[]): Local {
  const [first, ...rest] = addresses;
  let lanes = scope.op("v128.load32_zero", [first]);
  rest.forEach((address, i) => {
    const result = scope.local("v128");
    const before = lanes;
    scope.code.statement((code) => code.get(address).get(before).op("v128.load32_lane", i + 1).set(result));
    lanes = result;
  });
  return lanes;
}

/** One guard for all lanes. If it is false, the start of the buffer is read instead and the lanes are cleared. */
function oneGuard(writer: ExpressionWriter, load: Load, guard: Local): Local {
  const { scope } = writer;
  const safe = (address: Local): Local => scope.op("select", [address, writer.slots[load.slot], guard]);
  const wide = wideReadOf(writer, load);
  const loaded = wide
    ? wide(writer, safe(writer.address(load.slot, load.index)))
    : gather(writer, laneAddresses(writer, load.slot, load.index).map(safe));
  const mask = scope.op("i32x4.splat", [scope.op("i32.sub", [scope.i32(0), guard])]);
  return scope.op("v128.and", [loaded, mask]);
}

/** A guard for each lane. A lane whose guard is false is cleared. */
function guardInLanes(writer: ExpressionWriter, load: Load, guard: Expression): Local {
  const { scope } = writer;
  const base = writer.slots[load.slot];
  const wide = wideReadOf(writer, load);
  if (wide && isNear(writer, load, guard)) return nearInLanes(writer, load, { guard, read: wide });
  const mask = writer.vector(guard);
  if (wide) {
    // If one lane is inside the buffer, the others are at most a few elements outside, which is still memory.
    const some = scope.op("v128.any_true", [mask]);
    const address = scope.op("select", [writer.address(load.slot, load.index), base, some]);
    return scope.op("v128.and", [wide(writer, address), mask]);
  }
  const safe = laneAddresses(writer, load.slot, load.index).map((address, lane) =>
    scope.op("select", [address, base, scope.op("i32x4.extract_lane", [mask], lane)])
  );
  return scope.op("v128.and", [gather(writer, safe), mask]);
}

/** Whether lanes whose guard is false are near those whose guard is true, if the conditions for all lanes hold. */
function isNear(writer: ExpressionWriter, { index }: Load, guard: Expression): boolean {
  const { scope: { lanes }, table } = writer;
  const conditions = conditionsOf(table, table.adopt(guard));
  return !!lanes && !!conditions && writer.stride(index) !== 0 &&
    [index, ...conditions.map(({ sum }) => sum)].every((one) => isSumOf(one, [lanes])) &&
    isNearMemory({ table, index: table.adopt(index), conditions }, lanes);
}

/** Reads all lanes at once, and clears those whose guard is false. Only the conditions for all lanes save the read. */
function nearInLanes(
  writer: ExpressionWriter,
  load: Load,
  { guard, read }: { readonly guard: Expression; readonly read: WideRead },
): Local {
  const { scope, table } = writer;
  const parts = conjunctionOf(guard).map((part) => table.adopt(part));
  const all = (wanted: boolean): Expression | undefined =>
    parts.filter((part) => scope.facts(part).varies === wanted)
      .reduce<Expression | undefined>((sum, part) => table.both(sum, part), undefined);
  const common = all(false);
  const address = writer.address(load.slot, load.index);
  const safe = common ? scope.op("select", [address, writer.slots[load.slot], writer.scalar(common)]) : address;
  const masks = [all(true), common].filter((one) => one !== undefined).map((one) => writer.vector(one));
  return masks.reduce((value, mask) => scope.op("v128.and", [value, mask]), read(writer, safe));
}

/** Writes the stores of a point. All values are computed first, because a store may overwrite what another reads. */
export function writeStores(writer: ExpressionWriter, stores: readonly Store[]): void {
  for (const store of stores) {
    const { index, value, guard } = store;
    writer.vector(value);
    if (isKept(writer, store)) continue;
    if (writer.stride(index) === undefined) writer.vector(index);
    else addressOf(writer, store);
    if (guard && writer.scope.facts(guard).varies) writer.vector(guard);
    else if (guard) writer.scalar(guard);
  }
  for (const store of stores) writeStore(writer, store);
}

/** Stores the lanes of a value, or only the first one if no variable is in lanes. */
function writeStore(writer: ExpressionWriter, store: Store): void {
  const { scope } = writer;
  const { slot, index, guard } = store;
  const value = storedLanes(writer, store);
  if (isKept(writer, store)) return keep(writer, store, value);
  if (!scope.lanes) {
    return storeLane(scope, store, {
      value,
      lane: 0,
      address: writer.address(slot, index),
      guard: writer.condition(guard),
    });
  }
  const varies = guard && scope.facts(guard).varies;
  if (!store.add && !varies && writer.stride(index) === 1) {
    const { address, offset } = addressOf(writer, store);
    return where(scope, writer.condition(guard), () => scope.code.get(address).get(value).op("v128.store", offset));
  }
  const addresses = laneAddresses(writer, slot, index);
  const mask = varies ? writer.vector(guard) : undefined;
  const common = varies ? undefined : writer.condition(guard);
  addresses.forEach((address, lane) => {
    const own = mask === undefined ? common : scope.op("i32x4.extract_lane", [mask], lane);
    storeLane(scope, store, { value, lane, address, guard: own });
  });
}

/** The lanes of a store's value as they are stored in memory, where a bool is 0 or 1. */
function storedLanes(writer: ExpressionWriter, { value }: Store): Local {
  const { scope } = writer;
  const lanes = writer.vector(value);
  return value.dtype === "bool" ? scope.op("v128.and", [lanes, scope.i32x4(1)]) : lanes;
}

/** One lane of a value and its address. It is stored unless a guard is present and false. */
interface LaneStore {
  readonly value: Local;
  readonly lane: number;
  readonly address: Local;
  readonly guard: Local | undefined;
}

function storeLane(
  scope: CodeScope,
  { add, value: { dtype } }: Store,
  { value, lane, address, guard }: LaneStore,
): void {
  const { code } = scope;
  where(scope, guard, () => {
    if (!add) return code.get(address).get(value).op("v128.store32_lane", lane);
    code.get(address).get(address).op("v128.load32_splat").get(value);
    return code.op(dtype === "f32" ? "f32x4.add" : "i32x4.add").op("v128.store32_lane", lane);
  });
}

/** Writes code that runs unless a condition is present and false. */
function where({ code }: CodeScope, condition: Local | undefined, write: () => Code): void {
  if (condition !== undefined) code.get(condition).if();
  write();
  if (condition !== undefined) code.end();
}
