import { assert, assertEquals } from "@std/assert";
import type { HostArray } from "../../dtype.ts";
import type { Expression } from "../../nest/expression.ts";
import type { Program } from "../../nest/program.ts";
import { openWasm } from "../backend.ts";
import { nativeProducts } from "../native_products.ts";
import { nativeShape } from "../schedule/micro_kernels.ts";
import { compileProgram } from "../steps.ts";
import { check, numbers, programOf, reducing, runOn, Sketch, storing } from "../testing.ts";

const ignore = "refused" in nativeProducts();

/** The gradient of a convolution by its filters. */
interface Gradient {
  readonly images: number;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  /** The height and width of the images. */
  readonly size: readonly [number, number];
  readonly window: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Whether the channels of a point are next to each other in the images. */
  readonly channelsLast: boolean;
  /** Whether the image is the first factor. */
  readonly imageFirst: boolean;
}

const plain: Gradient = {
  ...{ images: 2, groups: 1, channels: 16, filters: 24, size: [24, 24], window: [3, 3], padding: [1, 1] },
  ...{ dilation: [1, 1], stride: [1, 1], channelsLast: false, imageFirst: true },
};

function gradient(given: Gradient): Program {
  const { images, groups, channels, filters, size: [height, width], window, padding, dilation, stride } = given;
  const s = new Sketch();
  const points = [0, 1].map((axis) =>
    Math.floor((given.size[axis] + 2 * padding[axis] - (window[axis] - 1) * dilation[axis] - 1) / stride[axis]) + 1
  );
  const [g, o, c, a, b] = [groups, filters, channels, ...window].map((extent, i) => s.variable("gocab"[i], extent));
  const [n, y, x] = [images, ...points].map((extent, i) => s.variable("nyx"[i], extent));
  const each = points[0] * points[1];
  const slots = [
    s.slot("f32", images * groups * channels * height * width),
    s.slot("f32", images * groups * filters * each),
    s.slot("f32", groups * filters * channels * window[0] * window[1], "write"),
  ];
  const row = s.index([y, stride[0]], [a, dilation[0]], -padding[0]);
  const column = s.index([x, stride[1]], [b, dilation[1]], -padding[1]);
  const guard = padding[0] + padding[1] === 0
    ? undefined
    : s.table.both(s.table.within(row, 0, height), s.table.within(column, 0, width));
  const all = groups * channels;
  const steps: (readonly [Expression, number])[] = given.channelsLast
    ? [[n, height * width * all], [row, width * all], [column, all], [g, channels], [c, 1]]
    : [[n, height * width * all], [g, channels * height * width], [c, height * width], [row, width], [column, 1]];
  const image = s.load(slots[0], s.index(...steps), guard);
  const cotangent = s.load(
    slots[1],
    s.index([n, groups * filters * each], [g, filters * each], [o, each], [y, points[1]], [x, 1]),
  );
  const taps = window[0] * window[1];
  const result = s.index(
    [g, filters * channels * taps],
    [o, channels * taps],
    [c, taps],
    [a, -window[1]],
    [b, -1],
    taps - 1,
  );
  const outer = groups > 1 ? [g, c, o, a, b] : [c, o, a, b];
  const sides = given.imageFirst
    ? { rows: [c, a, b], columns: [o], left: image, right: cotangent }
    : { rows: [o], columns: [c, a, b], left: cotangent, right: image };
  return programOf(s.nest(groups > 1 ? outer : [g, ...outer], [
    reducing(0, "sum", "f32", s.f32("mul", sides.left, sides.right), [n, y, x]),
    storing([{ slot: slots[2], index: result, value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: [g], depth: [n, y, x], ...sides } }));
}

const isScattered = (program: Program, { rows = 8, columns = 32, threads = 2 } = {}): boolean =>
  compileProgram(program, { native: () => nativeShape({ rows, columns }), threads }).listing
    .includes("channels scattered");

/** How a program is computed. */
interface Way {
  readonly threads: number;
  /** Whether products are computed by machine code. */
  readonly native: boolean;
}

async function computed(program: Program, inputs: readonly (readonly number[])[], way: Way): Promise<HostArray[]> {
  const backend = openWasm(way);
  // What programs find in memory are the remains of others, which as addresses are in none.
  const remains = backend.allocate(2 ** 22);
  backend.write(remains, new Int32Array(2 ** 20).fill(-16));
  backend.release(remains);
  const found = await runOn(backend, program, inputs);
  await backend.close();
  return found;
}

/** Fails unless a program computes the same bits in all ways. */
async function compare(program: Program, ways: readonly Way[], what: string): Promise<void> {
  const inputs = program.buffers.map(({ dtype, bytes }, i) => numbers(dtype, bytes / 4, i + 1));
  const [first, ...others] = ways;
  const expected = await computed(program, inputs, first);
  for (const way of others) {
    assertEquals(await computed(program, inputs, way), expected, `${JSON.stringify(way)}: ${what}`);
  }
}

Deno.test("gradients by filters of several taps are computed from a copy with channels next to each other", () => {
  const [wide, narrow] = [{ rows: 8, columns: 32 }, { rows: 6, columns: 16 }];
  for (const shape of [wide, narrow]) {
    assert(isScattered(gradient(plain), shape));
    assert(
      isScattered(gradient({ ...plain, images: 4, channels: 20, window: [5, 5] }), shape),
      "four unused channels of 24",
    );
    assert(isScattered(gradient({ ...plain, images: 12, stride: [2, 2], window: [5, 5] }), shape));
    assert(isScattered(gradient({ ...plain, images: 3, imageFirst: false, padding: [0, 0] }), shape));
    assert(!isScattered(gradient({ ...plain, channels: 3 }), shape), "five unused channels of 8");
    assert(!isScattered(gradient({ ...plain, window: [1, 1], padding: [0, 0] }), shape), "nothing is copied twice");
    assert(!isScattered(gradient({ ...plain, size: [3, 3] }), shape), "a small product");
    assert(
      !isScattered(gradient({ ...plain, channels: 1024, size: [16, 16] }), shape),
      "a copy too long for the caches",
    );
  }
});

Deno.test({
  name: "a gradient by filters from a copy of the image has the values of the definition",
  ignore,
  async fn() {
    await check(gradient({ ...plain, channels: 8, filters: 12 }), { threads: 2, tolerance: 1e-4 });
  },
});

Deno.test({
  name: "gradients by filters of all widths, windows, paddings and strides have the same bits with machine code",
  ignore,
  async fn() {
    let state = 1;
    const pick = <T>(...from: readonly T[]): T => {
      state = Math.imul(state, 1664525) + 1013904223 | 0;
      return from[(state >>> 8) % from.length];
    };
    let scattered = 0;
    for (let width = 5; width <= 40; width += 2) {
      for (let turn = 0; turn < 2; turn++) {
        const window = pick([3, 3], [5, 5], [2, 3], [3, 2], [1, 3], [3, 1]) as [number, number];
        const dilation = pick([1, 1], [1, 1], [2, 1], [1, 2]) as [number, number];
        const span = (axis: 0 | 1): number => (window[axis] - 1) * dilation[axis] + 1;
        const given: Gradient = {
          ...{ window, dilation },
          stride: pick([1, 1], [1, 1], [2, 2], [1, 2], [2, 1], [3, 3]) as [number, number],
          padding: [pick(0, 1, 2, 3), pick(0, 1, 2, 3)],
          size: [Math.max(pick(5, 8, 13, 30), span(0)), Math.max(width, span(1))],
          images: pick(9, 20, 41),
          groups: pick(1, 1, 2),
          channels: pick(8, 12, 16, 33),
          filters: pick(8, 16, 21, 40),
          channelsLast: pick(false, false, true),
          imageFirst: pick(false, true),
        };
        const program = gradient(given);
        if (isScattered(program)) scattered++;
        const threads = pick(1, 2, 3);
        await compare(program, [true, false].map((native) => ({ threads, native })), JSON.stringify(given));
      }
    }
    assert(scattered >= 12, `${scattered} of 36`);
  },
});

Deno.test({
  name: "deep gradients by filters, in several tiles and parts of the depth, have the same bits on any threads",
  ignore,
  async fn() {
    const cases: Gradient[] = [
      { ...plain, images: 16, channels: 64, filters: 128, size: [16, 16] },
      { ...plain, images: 9, channels: 32, filters: 7, size: [40, 34] },
      { ...plain, images: 40, channels: 20, filters: 50, size: [12, 12], window: [5, 5], padding: [0, 0] },
      { ...plain, images: 5, channels: 24, filters: 33, size: [33, 35], stride: [2, 2] },
      { ...plain, images: 70, channels: 32, filters: 16, size: [8, 8] },
    ];
    for (const given of cases) {
      const program = gradient(given);
      const all = [1, 2, 3, 8];
      for (const threads of all) assert(isScattered(program, { threads }), JSON.stringify(given));
      const ways = [...all.map((threads) => ({ threads, native: true })), { threads: 2, native: false }];
      await compare(program, ways, JSON.stringify(given));
    }
  },
});
