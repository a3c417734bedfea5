/**
 * Fills the workgroup memory of one side of a tile, so that neighboring threads load contiguous values: neighboring
 * points, or neighboring depth points. If it is known that four of them are a vector of the buffer, a thread loads them
 * at once.
 *
 * @module
 */

import { type Expression, type Load, loadsIn, type Variable } from "../../nest/expression.ts";
import { expressionsOf, laterPhases } from "../../nest/nest.ts";
import { distanceAlong } from "../../nest/strides.ts";
import { vectorElement, vectorWidth } from "../schedule/vectors.ts";
import type { StepDepth } from "./stage_depth.ts";
import { loopsAt, pointOf, type TileFrame, tilePoints, type TileSide } from "./tile_frame.ts";
import { groupDepth, heldVectors } from "./tile_memory.ts";
import { vectorType } from "./tile_sums.ts";

/** A side and the workgroup memory that its values pass through. */
export interface Stage {
  readonly frame: TileFrame;
  readonly side: TileSide;
  readonly memory: string;
  /** The name of the thread's number along the side. */
  readonly thread: string;
  /** The thread's number in the workgroup. It is known outside the loop, and so are the places that it loads. */
  readonly lane: Variable;
  readonly depth: StepDepth;
}

/** A way to fill the memory, by elements that threads load and store. */
interface Filling {
  /** The number of elements of a step. */
  readonly elements: number;
  /** The number of elements that are contiguous. */
  readonly columns: number;
  /** Writes the loads of an element and returns the text of its stores. */
  readonly fill: (row: Expression, column: Expression) => string;
}

/** Writes the loads of one side's values of a step. Returns the lines that store them in workgroup memory. */
export function fill(stage: Stage): string[] {
  const { frame: { table, schedule, across, along }, lane } = stage;
  const threads = across.threads * along.threads * schedule.groups;
  const { elements, columns, fill } = fillingOf(stage);
  const stores: string[] = [];
  for (let first = 0; first < elements; first += threads) {
    const number = table.affine([[lane, 1]], first);
    const whole = first + threads <= elements;
    const element = whole ? number : table.apply("min", "i32", [number, table.literal("i32", elements - 1)]);
    const store = fill(table.quotient(element, columns), table.remainder(element, columns));
    stores.push(whole ? store : `if (lane < ${elements - first}u) { ${store} }`);
  }
  return stores;
}

function fillingOf(stage: Stage): Filling {
  const { frame, frame: { schedule: { staged }, vectors }, side } = stage;
  const [points, held] = [tilePoints(side), heldVectors(side)];
  const isWide = side.factor.kind === "load" && vectors.has(side.factor.slot);
  if (isDeep(frame, side)) {
    const groups = staged / vectorWidth;
    return isWide
      ? { elements: points * groups, columns: groups, fill: (point, group) => fillDepths(stage, group, point) }
      : { elements: held * staged, columns: staged, fill: (vector, k) => fillVector(stage, k, vector) };
  }
  return isWide
    ? { elements: held * staged, columns: held, fill: (k, vector) => fillNeighbors(stage, k, vector) }
    : { elements: points * staged, columns: points, fill: (k, point) => fillPoint(stage, k, point) };
}

/** The value at depth point `k` of the step and one position of the tile. */
interface StagedPoint {
  readonly k: Expression;
  readonly place: Expression;
  /** The side along which the value is one of four neighbors of a vector (default: neither). */
  readonly wide?: "depth" | "place";
}

function valueAt({ frame, side, depth }: Stage, { k, place, wide }: StagedPoint): Expression {
  const { table, batch } = frame;
  const replacements = new Map([
    ...batch,
    ...loopsAt(frame, wide === "place" ? { ...side, width: vectorWidth } : side, pointOf(frame, side, place)),
    ...depth.countersAt(k, wide === "depth" ? vectorWidth : 1),
  ]);
  return table.substitute(side.factor, replacements);
}

/** Loads the value at depth point `k` of the step and one position of the tile. */
function fillPoint(stage: Stage, k: Expression, place: Expression): string {
  const { frame: { emitter, table }, side: { neighbors } } = stage;
  const value = loadOne(stage, k, place);
  const vector = cellOf(stage, k, table.quotient(place, neighbors));
  return neighbors === 1
    ? `${vector} = ${value};`
    : `${vector}[${emitter.value(table.remainder(place, neighbors))}] = ${value};`;
}

/** Loads the values of one vector of the tile at depth point `k` of the step. */
function fillVector(stage: Stage, k: Expression, vector: Expression): string {
  const { frame: { table, reduction: { dtype } }, side: { neighbors } } = stage;
  const values = Array.from(
    { length: neighbors },
    (_, place) => loadOne(stage, k, table.affine([[vector, neighbors]], place)),
  );
  const value = neighbors === 1 ? values[0] : `${vectorType(dtype, neighbors)}(${values.join(", ")})`;
  return `${cellOf(stage, k, vector)} = ${value};`;
}

function loadOne(stage: Stage, k: Expression, place: Expression): string {
  const { frame: { emitter, table }, depth } = stage;
  const value = valueAt(stage, { k, place });
  const inside = depth.insideAt(k);
  if (!inside) return emitter.value(value);
  return emitter.value(table.apply("where", value.dtype, [inside, value, table.literal(value.dtype, 0)]));
}

/** Loads one vector of the tile at depth point `k` of the step at once. */
function fillNeighbors(stage: Stage, k: Expression, vector: Expression): string {
  const place = stage.frame.table.affine([[vector, vectorWidth]]);
  return `${cellOf(stage, k, vector)} = ${loadWide(stage, { k, place, wide: "place" })};`;
}

/** Loads the values of one position of the tile at four neighboring depth points of the step. */
function fillDepths(stage: Stage, group: Expression, place: Expression): string {
  const { frame: { emitter, table }, side: { neighbors } } = stage;
  const value = loadWide(stage, { k: table.affine([[group, vectorWidth]]), place, wide: "depth" });
  const [vector, component] = [table.quotient(place, neighbors), emitter.value(table.remainder(place, neighbors))];
  const element = neighbors === 1 ? "" : `[${component}]`;
  return Array.from({ length: vectorWidth }, (_, i) => {
    const k = table.affine([[group, vectorWidth]], i);
    return `${cellOf(stage, k, vector)}${element} = ${value}.${"xyzw"[i]};`;
  }).join(" ");
}

/** Loads the vector of a buffer that begins with a value. */
function loadWide(stage: Stage, point: StagedPoint): string {
  const { frame: { emitter, reduction: { dtype } }, depth } = stage;
  const loaded = emitter.vector(valueAt(stage, point) as Load);
  const inside = depth.insideAt(point.k);
  if (!inside) return loaded;
  const name = emitter.name("v");
  const condition = emitter.value(inside);
  emitter.line(`let ${name} = select(${vectorType(dtype, vectorWidth)}(), ${loaded}, ${condition});`);
  return name;
}

/** The place in memory of a vector at depth point `k` of the step. */
function cellOf({ frame, memory }: Stage, k: Expression, vector: Expression): string {
  const { emitter, table, schedule: { groups } } = frame;
  const each = groupDepth(frame);
  const row = emitter.value(table.remainder(k, each));
  const group = groups > 1 ? `[${emitter.value(table.quotient(k, each))}]` : "";
  return `${memory}${group}[${row}][${emitter.value(vector)}]`;
}

/** True if a side's values are contiguous along depth, so that neighboring threads load neighboring depth points. */
function isDeep({ contraction: { depth } }: TileFrame, { factor, loops }: TileSide): boolean {
  return factor.kind === "load" &&
    distanceAlong(factor.index, depth.at(-1)) < distanceAlong(factor.index, loops.at(-1));
}

/** Makes the buffers of the two sides arrays of vectors, if whole vectors of them are filled and nothing else is read. */
export function widenBuffers(stages: readonly Stage[]): void {
  const [{ frame: { nest, vectors } }] = stages;
  const later = new Set(loadsIn(expressionsOf(laterPhases(nest))).map(({ slot }) => slot));
  const fit = stages.map((stage) => isWidened(stage));
  stages.forEach(({ side: { factor } }, number) => {
    if (factor.kind !== "load" || later.has(factor.slot)) return;
    const others = stages.every(({ side }, other) => fit[other] || !reads(side, factor.slot));
    if (fit[number] && others) vectors.add(factor.slot);
  });
}

const reads = ({ factor }: TileSide, slot: number): boolean => loadsIn([factor]).some((load) => load.slot === slot);

/** Whether four neighbors that a thread fills are always a vector of a buffer. */
function isWidened(stage: Stage): boolean {
  const { frame, frame: { table, nest, schedule: { staged }, contraction }, side, side: { factor } } = stage;
  const isDeepSide = isDeep(frame, side);
  if (factor.kind !== "load" || factor.dtype !== "f32" || factor.guard) return false;
  const { access, elements } = nest.slots[factor.slot];
  if (access !== "read" || elements % vectorWidth !== 0) return false;
  const extent = isDeepSide ? contraction.depth.at(-1)!.extent : side.points;
  if (extent % vectorWidth !== 0 || staged % vectorWidth !== 0) return false;
  if (!isDeepSide && side.neighbors !== vectorWidth) return false;
  const k = table.variable("k", isDeepSide ? staged / vectorWidth : staged);
  const place = table.variable("place", isDeepSide ? tilePoints(side) : heldVectors(side));
  const found = Array.from({ length: vectorWidth }, (_, i) => {
    const wide = (one: Expression): Expression => table.affine([[one, vectorWidth]], i);
    const value = isDeepSide
      ? valueAt(stage, { k: wide(k), place, wide: "depth" })
      : valueAt(stage, { k, place: wide(place), wide: "place" });
    return value.kind === "load" ? vectorElement(table, value.index) : undefined;
  });
  return found.every((one, i) => one !== undefined && one.component === i && one.vector === found[0]?.vector);
}
