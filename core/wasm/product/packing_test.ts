import { assertEquals, fail } from "@std/assert";
import { expressionIn } from "../../nest/evaluate.ts";
import type { Expression, Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import { FunctionWriter, ModuleWriter, sharedMemory } from "../encode/assembler.ts";
import { CodeScope } from "../scalar/code_scope.ts";
import type { ProductSchedule } from "../schedule/product_schedule.ts";
import { numbers, Sketch } from "../testing.ts";
import { ExpressionWriter } from "../write/expressions.ts";
import { writePacking } from "./packing.ts";

const PAGES = 32;
const WORKSPACE = 4096;
/** The bytes that vector loads may read past a buffer. */
const PAST = 64;

/** A side to be packed: the element at the points of `side` and `depth`, in a buffer of some elements. */
interface Matrix {
  readonly side: readonly Variable[];
  readonly depth: readonly Variable[];
  readonly value: Expression;
  readonly elements: number;
}

/** How it is cut: the points of a panel, a range of the points, and a range of the first loop of the depth. */
interface Cut {
  readonly panel: number;
  readonly points: readonly [number, number];
  readonly depths: readonly [number, number];
}

const locals = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The panels of a block, from a buffer at the end of a memory that is NaN elsewhere. */
function packed({ side, depth, value, elements }: Matrix, { panel, points, depths }: Cut, data: Float32Array) {
  const writer = new FunctionWriter(locals(6).map(() => "i32"));
  const scope = new CodeScope(writer);
  const [slot, from, to, depthFrom, depthTo, panels] = locals(6);
  const [depthSplit, ...depthInner] = depth;
  const depthPoints = (depths[1] - depths[0]) * pointsOf(depthInner);
  const matrix = { variables: side, value, points: pointsOf(side), block: pointsOf(side), panel };
  const schedule: ProductSchedule = {
    ...{ rows: matrix, columns: matrix, batch: [], units: 1, unitsPerChunk: 1, native: false, workspaceBytes: 0 },
    ...{ depthOuter: [], depthSplit, depthBlock: depths[1] - depths[0], depthInner, depthSteps: 1, depthPoints },
  };
  writePacking(new ExpressionWriter(scope, [slot], undefined), {
    ...{ schedule, side: matrix, from, to, depthFrom, depthTo },
    target: { panels, panelBytes: scope.i32(4 * panel * depthPoints) },
  });
  const module = new ModuleWriter([sharedMemory(PAGES)]);
  module.export("pack", module.add(writer));
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const words = new Float32Array(memory.buffer).fill(NaN);
  const address = memory.buffer.byteLength - PAST - 4 * elements;
  words.set(data, address / 4);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  (exports.pack as (...args: number[]) => void)(address, ...points, ...depths, WORKSPACE);
  return words.subarray(WORKSPACE / 4);
}

/** The counters of a point from its row-major number. */
function counters(variables: readonly Variable[], point: number): [Variable, number][] {
  let rest = point;
  return [...variables].reverse().map((variable): [Variable, number] => {
    const counter = rest % variable.extent;
    rest = Math.floor(rest / variable.extent);
    return [variable, counter];
  });
}

/** Fails if a value of the panels differs from that of the expression. */
function checkPacking(matrix: Matrix, cut: Cut): void {
  const { side, depth, value, elements } = matrix;
  const { panel, points: [from, to], depths } = cut;
  const data = Float32Array.from(numbers("f32", elements));
  const actual = packed(matrix, cut, data);
  const perSplit = pointsOf(depth.slice(1));
  const count = (depths[1] - depths[0]) * perSplit;
  const place = new Map<Variable, number>();
  const counterOf = { variable: (one: Variable) => place.get(one)!, result: () => NaN };
  const parts = new Map<Expression, () => number>();
  const partHere = (part: Expression): number => {
    if (!parts.has(part)) parts.set(part, expressionIn({ ...counterOf, load: () => NaN }, part));
    return parts.get(part)!();
  };
  const valueHere = expressionIn({
    ...counterOf,
    load: ({ index, guard }) => guard && !partHere(guard) ? 0 : data[partHere(index)],
  }, value);
  for (let point = from; point < to; point++) {
    for (const [one, counter] of counters(side, point)) place.set(one, counter);
    for (let k = 0; k < count; k++) {
      for (const [one, counter] of counters(depth, k + depths[0] * perSplit)) place.set(one, counter);
      const expected = valueHere();
      const number = point - from;
      const at = Math.floor(number / panel) * panel * count + k * panel + number % panel;
      if (actual[at] !== expected) {
        fail(`panels of ${panel}, point ${point}, depth ${k}: ${actual[at]}, not ${expected}`);
      }
    }
  }
}

/** Checks panels of all sizes, over all points and depths, and over a part of them. */
function checkAll(matrix: Matrix): void {
  const points = pointsOf(matrix.side);
  const { extent } = matrix.depth[0];
  for (const panel of [4, 5, 6, 8, 14, 16, 32]) {
    checkPacking(matrix, { panel, points: [0, points], depths: [0, extent] });
    const first = panel * Math.floor(points / 2 / panel);
    const low = Math.min(1, extent - 1);
    checkPacking(matrix, { panel, points: [first, points], depths: [low, extent] });
    if (first > 0) checkPacking(matrix, { panel, points: [0, first], depths: [0, Math.max(1, extent - 1)] });
  }
}

interface Layer {
  readonly size: readonly [height: number, width: number];
  readonly taps: readonly [number, number];
  readonly pad?: number;
  /** The padding of columns (default: that of rows). */
  readonly padColumns?: number;
  readonly stride?: number;
  readonly dilation?: number;
}

const extentAfter = (extent: number, taps: number, { pad = 0, stride = 1, dilation = 1 }: Layer): number =>
  Math.floor((extent + 2 * pad - (taps - 1) * dilation - 1) / stride) + 1;

/** Images [2, 3, height, width] under filters at all positions: the variables and the element. */
function images(layer: Layer) {
  const { size: [h, w], taps: [th, tw], pad = 0, padColumns = pad, stride = 1, dilation = 1 } = layer;
  const s = new Sketch();
  const outputs = [extentAfter(h, th, layer), extentAfter(w, tw, { ...layer, pad: padColumns })];
  const [n, y, x] = [2, ...outputs].map((extent, i) => s.variable("nyx"[i], extent));
  const [c, a, b] = [3, th, tw].map((extent, i) => s.variable("cab"[i], extent));
  const row = s.index([y, stride], [a, dilation], -pad);
  const column = s.index([x, stride], [b, dilation], -padColumns);
  const guard = padColumns > 0 ? s.table.both(s.table.within(row, 0, h), s.table.within(column, 0, w)) : undefined;
  const elements = 2 * 3 * h * w;
  const index = s.index([n, 3 * h * w], [c, h * w], [row, w], [column, 1]);
  const value = s.load(s.slot("f32", elements), index, guard);
  return { n, y, x, c, a, b, value, elements };
}

const layers: Layer[] = [
  { size: [8, 16], taps: [3, 3], pad: 1 },
  { size: [7, 7], taps: [3, 3], pad: 1 },
  { size: [6, 5], taps: [3, 3], pad: 2 },
  { size: [9, 13], taps: [5, 5], pad: 2 },
  { size: [12, 12], taps: [5, 5] },
  { size: [3, 3], taps: [3, 3], pad: 1 },
  { size: [4, 2], taps: [3, 3], pad: 1 },
  { size: [9, 32], taps: [3, 3], pad: 1, stride: 2 },
  { size: [11, 15], taps: [3, 3], pad: 1, stride: 2 },
  { size: [10, 21], taps: [3, 3], stride: 3 },
  { size: [13, 19], taps: [3, 3], pad: 2, dilation: 2 },
  { size: [5, 40], taps: [1, 11], pad: 5 },
  { size: [2, 40], taps: [1, 20], padColumns: 19 },
  { size: [6, 10], taps: [1, 1] },
  { size: [6, 10], taps: [1, 1], stride: 2 },
];

for (const layer of layers) {
  const { size, taps, pad = 0, padColumns = pad, stride = 1, dilation = 1 } = layer;
  const title =
    `${taps.join("×")} filters over images of ${
      size.join("×")
    }, padded by ${pad} and ${padColumns}, stride ${stride}, ` +
    `dilation ${dilation}`;

  Deno.test(`the positions of ${title} are packed`, () => {
    const { n, y, x, c, a, b, value, elements } = images(layer);
    checkAll({ side: [n, y, x], depth: [c, a, b], value, elements });
  });

  Deno.test(`the elements of ${title} are packed for the gradient of the filters`, () => {
    const { n, y, x, c, a, b, value, elements } = images(layer);
    checkAll({ side: [c, a, b], depth: [n, y, x], value, elements });
  });
}

Deno.test("filters are packed in every order", () => {
  const [filters, channels, taps] = [13, 7, 3];
  const s = new Sketch();
  const [o, c, a, b] = [filters, channels, taps, taps].map((extent, i) => s.variable("ocab"[i], extent));
  const elements = filters * channels * taps * taps;
  const slot = s.slot("f32", elements);
  const forward = s.load(slot, s.index([o, 63], [c, 9], [a, 3], [b, 1]));
  const flipped = s.load(slot, s.index([o, 63], [c, 9], [a, -3], [b, -1], 8));
  for (const value of [forward, flipped]) {
    checkAll({ side: [o], depth: [c, a, b], value, elements });
    checkAll({ side: [c], depth: [o, a, b], value, elements });
    checkAll({ side: [c, a, b], depth: [o], value, elements });
    checkAll({ side: [o, c], depth: [b, a], value, elements });
  }
});

Deno.test("matrices are packed along rows and columns, in either direction", () => {
  for (const [rows, columns] of [[37, 41], [32, 64], [5, 9]]) {
    const s = new Sketch();
    const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
    const elements = rows * columns;
    const slot = s.slot("f32", elements);
    const index = s.index([i, columns], [j, 1]);
    const backward = s.index([i, columns], [j, -1], columns - 1);
    for (
      const value of [s.load(slot, index), s.load(slot, backward), s.f32("mul", s.literal(2), s.load(slot, index))]
    ) {
      checkAll({ side: [i], depth: [j], value, elements });
      checkAll({ side: [j], depth: [i], value, elements });
    }
  }
});

Deno.test("matrices in blocks of eight columns are packed, from any column on", () => {
  const [rows, columns] = [19, 48];
  const s = new Sketch();
  const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
  const slot = s.slot("f32", rows * columns);
  const { table } = s;
  const value = s.load(slot, s.index([table.quotient(j, 8), 8 * rows], [i, 8], [table.remainder(j, 8), 1]));
  const matrix = { side: [i], depth: [j], value, elements: rows * columns };
  for (const panel of [4, 6, 8]) {
    // Blocks begin at multiples of their lengths, which are multiples of a vector's or not.
    for (const length of [4, 5, 6, 7, 10, 12, 13, 20, columns]) {
      const from = length < columns ? length : 0;
      checkPacking(matrix, { panel, points: [0, rows], depths: [from, from + length] });
    }
    checkPacking({ ...matrix, side: [j], depth: [i] }, { panel: 8, points: [8, 48], depths: [0, rows] });
  }
});

Deno.test("a check finds a wrong value", () => {
  const s = new Sketch();
  const [i, j] = [s.variable("i", 8), s.variable("j", 8)];
  const slot = s.slot("f32", 64);
  const matrix = { side: [i], depth: [j], elements: 64 };
  const right = { ...matrix, value: s.load(slot, s.index([i, 8], [j, 1])) };
  const cut: Cut = { panel: 8, points: [0, 8], depths: [0, 8] };
  checkPacking(right, cut);
  const data = Float32Array.from(numbers("f32", 64));
  assertEquals(packed(right, cut, data)[1], data[8]);
});
