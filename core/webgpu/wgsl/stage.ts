/**
 * Contractions whose values pass through workgroup memory: each is loaded once for a workgroup, whatever number of
 * threads needs it.
 *
 * Memory holds vectors of neighbouring points, `[depth][vector]`. The loop over depth loads the next step's values before
 * it computes the products of the last one, so that the products hide the way to the buffers.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import {
  addProducts,
  declareSums,
  loopsAt,
  pointOf,
  type Side,
  type TileFrame,
  tilePoints,
  vectorType,
} from "./tile_frame.ts";

/** A side and the workgroup memory that its values pass through. */
interface Stage {
  readonly frame: TileFrame;
  readonly side: Side;
  readonly memory: string;
  /** The text of the thread's place. */
  readonly thread: string;
}

/** Writes the loop over depth in steps of `staged` points. Gives the declarations of the workgroup memory. */
export function stageTiles(frame: TileFrame): string[] {
  const { emitter, rewriter, schedule: { staged }, contraction: { depth }, reduction: { dtype } } = frame;
  const points = pointsOf(depth);
  const base = rewriter.table.variable("base", Math.max(1, points));
  const across: Stage = { frame, side: frame.across, memory: "tile_across", thread: "across_thread" };
  const along: Stage = { frame, side: frame.along, memory: "tile_along", thread: "along_thread" };
  const width = frame.along.neighbours;
  declareSums(frame, width);
  const last = Math.max(0, Math.ceil(points / staged) - 1) * staged;
  emitter.within(`for (var step = 0; step < ${points > 0 ? last + 2 * staged : 0}; step += ${staged})`, () => {
    emitter.line(`let base = min(step, ${last});`);
    emitter.bind(base, "base");
    const stores = [...fill(across, base), ...fill(along, base)];
    emitter.within("if (step > 0)", () => {
      for (let k = 0; k < staged; k++) addProducts(frame, components(across, k), vectors(along, k), width);
    });
    emitter.line("workgroupBarrier();");
    stores.forEach((store) => emitter.line(store));
    emitter.line("workgroupBarrier();");
  });
  const declare = ({ side, memory }: Stage): string =>
    `var<workgroup> ${memory}: array<array<${vectorType(dtype, side.neighbours)}, ${rowLength(side)}>, ${staged}>;`;
  return [declare(across), declare(along)];
}

/** Vectors of a tile, and one more where they are even: threads that walk down a column meet different banks of memory. */
const rowLength = (side: Side): number => tilePoints(side) / side.neighbours | 1;

/** Writes the loads of a thread's vectors at depth point `k` of the step, and gives their names. */
function vectors({ frame: { emitter }, side, memory, thread }: Stage, k: number): string[] {
  return Array.from({ length: side.each / side.neighbours }, (_, turn) => {
    const name = emitter.name("t");
    const place = side.threads === 1 ? `${turn}` : turn === 0 ? thread : `${thread} + ${turn * side.threads}`;
    emitter.line(`let ${name} = ${memory}[${k}][${place}];`);
    return name;
  });
}

/** The same, one text for each point. */
function components(stage: Stage, k: number): string[] {
  const { neighbours } = stage.side;
  return vectors(stage, k).flatMap((name) =>
    neighbours === 1 ? [name] : Array.from({ length: neighbours }, (_, i) => `${name}.${"xyzw"[i]}`)
  );
}

/**
 * Writes how the workgroup loads one side's values of a step. Gives the lines that store them in its memory.
 *
 * Neighbouring threads load what lies side by side: either neighbouring points, of which each thread stores one
 * component of a vector, or neighbouring depth points, each thread then a whole vector of points.
 */
function fill(stage: Stage, base: Expression): string[] {
  const { frame: { emitter, rewriter: { table }, schedule: { staged }, across, along }, side } = stage;
  const threads = across.threads * along.threads;
  const deep = isDeep(stage.frame, side);
  const columns = deep ? staged : tilePoints(side);
  const elements = tilePoints(side) * staged / (deep ? side.neighbours : 1);
  const lane = table.variable("lane", threads);
  emitter.bind(lane, "i32(lane)");
  const stores: string[] = [];
  for (let first = 0; first < elements; first += threads) {
    const number = table.affine([[lane, 1]], first);
    const whole = first + threads <= elements;
    const element = whole ? number : table.apply("min", "i32", [number, table.literal("i32", elements - 1)]);
    const [slow, fast] = [table.quotient(element, columns), table.remainder(element, columns)];
    const store = deep ? fillVector(stage, base, fast, slow) : fillPoint(stage, base, slow, fast);
    stores.push(whole ? store : `if (lane < ${elements - first}u) { ${store} }`);
  }
  return stores;
}

/** Loads the value at depth point `k` of the step and one place of the tile. */
function fillPoint(stage: Stage, base: Expression, k: Expression, place: Expression): string {
  const { frame: { emitter, rewriter: { table } }, side: { neighbours }, memory } = stage;
  const value = loadOne(stage, base, k, place);
  const vector = `${memory}[${emitter.value(k)}][${emitter.value(table.quotient(place, neighbours))}]`;
  return neighbours === 1
    ? `${vector} = ${value};`
    : `${vector}[${emitter.value(table.remainder(place, neighbours))}] = ${value};`;
}

/** Loads the values at depth point `k` of the step of one vector of the tile. */
function fillVector(stage: Stage, base: Expression, k: Expression, vector: Expression): string {
  const { frame: { emitter, rewriter: { table }, reduction: { dtype } }, side: { neighbours }, memory } = stage;
  const values = Array.from(
    { length: neighbours },
    (_, place) => loadOne(stage, base, k, table.affine([[vector, neighbours]], place)),
  );
  const value = neighbours === 1 ? values[0] : `${vectorType(dtype, neighbours)}(${values.join(", ")})`;
  return `${memory}[${emitter.value(k)}][${emitter.value(vector)}] = ${value};`;
}

function loadOne({ frame, side }: Stage, base: Expression, k: Expression, place: Expression): string {
  const { emitter, rewriter, schedule: { staged }, contraction: { depth }, batch } = frame;
  const { table } = rewriter;
  const depthPoint = table.affine([[base, 1], [k, 1]]);
  const total = pointsOf(depth);
  const whole = total % staged === 0;
  const inside = whole ? depthPoint : table.apply("min", "i32", [depthPoint, table.literal("i32", total - 1)]);
  const replacements = new Map([
    ...batch,
    ...loopsAt(frame, side, pointOf(frame, side, place)),
    ...rewriter.unflatten(depth, inside),
  ]);
  const value = rewriter.expression(side.factor, replacements);
  const within = table.apply("lt", "bool", [depthPoint, table.literal("i32", total)]);
  const loaded = whole ? value : table.apply("where", value.dtype, [within, value, table.literal(value.dtype, 0)]);
  return emitter.value(loaded);
}

/** True where a side's values are contiguous along depth: then neighbouring threads load neighbouring depth points. */
function isDeep({ contraction: { depth } }: TileFrame, { factor, loops }: Side): boolean {
  const innermost = depth.at(-1);
  if (factor.kind !== "load" || !innermost) return false;
  const stride = (variable: Expression | undefined): number => {
    if (factor.index === variable) return 1;
    if (factor.index.kind !== "affine") return Infinity;
    return Math.abs(factor.index.terms.find(([term]) => term === variable)?.[1] ?? Infinity);
  };
  return stride(innermost) < stride(loops.at(-1));
}
