import { assert, assertEquals } from "@std/assert";
import type { Expression } from "../../nest/expression.ts";
import type { Program } from "../../nest/program.ts";
import { openWasm } from "../backend.ts";
import { nativeProducts } from "../native_products.ts";
import { nativeShape } from "../schedule/micro_kernels.ts";
import { compileProgram } from "../steps.ts";
import { check, numbers, programOf, reducing, runOn, Sketch, storing } from "../testing.ts";

const ignore = "refused" in nativeProducts();

/** A convolution of images with filters, by height and width. */
interface Convolution {
  readonly images: number;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  readonly size: readonly [number, number];
  readonly window: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** The distance of windows in the height. */
  readonly stride: number;
  /** Whether the filter is flipped, as in a gradient. */
  readonly flipped: boolean;
}

const plain: Convolution = {
  ...{ images: 2, groups: 1, channels: 3, filters: 7, size: [9, 32], window: [3, 3], padding: [1, 1] },
  ...{ dilation: [1, 1], stride: 1, flipped: false },
};

function convolution(given: Convolution): Program {
  const { images, groups, channels, filters, size, window, padding, dilation, stride, flipped } = given;
  const s = new Sketch();
  const [height, width] = size;
  const reach = (axis: 0 | 1): number => size[axis] + 2 * padding[axis] - (window[axis] - 1) * dilation[axis];
  const extents = [groups, images, filters, Math.floor((reach(0) - 1) / stride) + 1, reach(1)];
  const [g, n, o, y, x] = extents.map((extent, i) => s.variable("gnoyx"[i], extent));
  const [c, a, b] = [channels, ...window].map((extent, i) => s.variable("cab"[i], extent));
  const points = extents[3] * extents[4];
  const taps = window[0] * window[1];
  const slots = [
    s.slot("f32", groups * images * channels * height * width),
    s.slot("f32", groups * filters * channels * taps),
    s.slot("f32", groups * images * filters * points, "write"),
  ];
  const row = s.index([y, stride], [a, dilation[0]], -padding[0]);
  const column = s.index([x, 1], [b, dilation[1]], -padding[1]);
  const guard = padding[0] + padding[1] === 0
    ? undefined
    : s.table.both(s.table.within(row, 0, height), s.table.within(column, 0, width));
  const plane = height * width;
  const image = s.index([g, images * channels * plane], [n, channels * plane], [c, plane], [row, width], [column, 1]);
  const left = s.load(slots[0], image, guard);
  const tap: (readonly [Expression, number] | number)[] = flipped
    ? [[a, -window[1]], [b, -1], taps - 1]
    : [[a, window[1]], [b, 1]];
  const right = s.load(slots[1], s.index([g, filters * channels * taps], [o, channels * taps], [c, taps], ...tap));
  const [batch, depth] = [groups > 1 ? [g] : [], [c, a, b]];
  const result = s.index([g, images * filters * points], [n, filters * points], [o, points], [y, extents[4]], [x, 1]);
  return programOf(s.nest([g, n, o, y, x], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), depth),
    storing([{ slot: slots[2], index: result, value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: groups > 1 ? batch : [g], rows: [n, y, x], columns: [o], depth, left, right } }));
}

const isScattered = (program: Program, shape = { rows: 8, columns: 32 }): boolean =>
  compileProgram(program, { native: () => nativeShape(shape), threads: 2 }).listing.includes("columns scattered");

/** Fails unless a program computes the same bits with and without machine code. */
async function compare(program: Program, threads: number, what: string): Promise<void> {
  const inputs = program.buffers.map(({ dtype, bytes }, i) => numbers(dtype, bytes / 4, i + 1));
  const [native, plain] = await Promise.all([true, false].map(async (native) => {
    const backend = openWasm({ threads, native });
    // What programs find in memory are the remains of others, which as addresses are in none.
    const remains = backend.allocate(2 ** 22);
    backend.write(remains, new Int32Array(2 ** 20).fill(-16));
    backend.release(remains);
    const found = await runOn(backend, program, inputs);
    await backend.close();
    return found;
  }));
  assertEquals(native, plain, what);
}

Deno.test("convolutions whose rows of points fill their vectors are computed from a copy of the image", () => {
  assert(isScattered(convolution(plain)));
  assert(isScattered(convolution(plain), { rows: 6, columns: 16 }));
  assert(isScattered(convolution({ ...plain, size: [9, 30], padding: [0, 1] })), "two unused points of 32");
  assert(!isScattered(convolution({ ...plain, filters: 40, size: [9, 9] })), "seven unused points of 16");
  assert(!isScattered(convolution({ ...plain, channels: 32, size: [9, 1000] })), "rows too long for the caches");
  assert(!isScattered(convolution({ ...plain, window: [1, 1], padding: [0, 0] })), "nothing is copied twice");
});

Deno.test({
  name: "a padded convolution from a copy of the image has the values of the definition",
  ignore,
  async fn() {
    await check(convolution(plain), { threads: 2 });
  },
});

Deno.test({
  name: "convolutions of all widths, windows and paddings have the same bits with machine code",
  ignore,
  async fn() {
    let state = 1;
    const pick = <T>(...from: readonly T[]): T => {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      return from[(state >>> 8) % from.length];
    };
    let scattered = 0;
    for (let width = 1; width <= 40; width++) {
      for (let turn = 0; turn < 3; turn++) {
        const window = pick([1, 1], [3, 3], [5, 5], [2, 3], [3, 2], [1, 3]) as [number, number];
        const dilation = pick([1, 1], [1, 1], [2, 1], [1, 2], [3, 3]) as [number, number];
        const span = (axis: 0 | 1): number => (window[axis] - 1) * dilation[axis] + 1;
        const padding = [pick(0, 1, 2, 3, 4), pick(0, 1, 2, 3, 4)] as const;
        // Results have this width, as far as the padding allows.
        const columns = Math.max(1, width + span(1) - 1 - 2 * padding[1], span(1) - 2 * padding[1]);
        const rows = Math.max(pick(1, 4, 7, 13), span(0) - 2 * padding[0]);
        const given: Convolution = {
          ...{ window, dilation, padding, size: [rows, columns] },
          images: pick(1, 2, 3, 7),
          groups: pick(1, 1, 2),
          channels: pick(1, 3, 5, 33),
          filters: pick(3, 7, 16, 21),
          stride: pick(1, 1, 2),
          flipped: pick(false, true),
        };
        const program = convolution(given);
        if (isScattered(program)) scattered++;
        await compare(program, pick(1, 2, 3), JSON.stringify(given));
      }
    }
    assert(scattered >= 20, `${scattered} of 120`);
  },
});

Deno.test({
  name: "deep and large convolutions, which take several tiles and blocks of the depth, have the same bits",
  ignore,
  async fn() {
    const cases: Convolution[] = [
      { ...plain, images: 5, channels: 64, filters: 16, size: [16, 16] },
      { ...plain, images: 1, channels: 5, filters: 9, size: [70, 64] },
      { ...plain, images: 3, channels: 130, filters: 8, size: [31, 15], padding: [1, 2], window: [3, 4] },
      { ...plain, images: 9, channels: 4, filters: 33, size: [12, 28], window: [5, 5], padding: [2, 2] },
      { ...plain, images: 1, channels: 1, filters: 5, size: [40, 300], window: [3, 9], padding: [1, 4] },
      { ...plain, images: 2, channels: 20, filters: 5, size: [6, 32], window: [5, 5], padding: [4, 2] },
    ];
    for (const given of cases) {
      const program = convolution(given);
      assert(isScattered(program), JSON.stringify(given));
      for (const threads of [1, 3]) await compare(program, threads, JSON.stringify(given));
    }
  },
});
