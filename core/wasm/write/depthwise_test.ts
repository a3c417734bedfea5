import { assert } from "@std/assert";
import { compileProgram } from "../steps.ts";
import { check, programOf, reducing, Sketch, storing } from "../testing.ts";

/** A convolution in which each channel has one filter. */
interface Depthwise {
  readonly size: readonly [height: number, width: number];
  readonly taps: readonly [number, number];
  readonly pad: number;
  readonly stride?: number;
  readonly dilation?: number;
}

function sketch({ size: [h, w], taps: [th, tw], pad, stride = 1, dilation = 1 }: Depthwise) {
  const s = new Sketch();
  const extent = (inputs: number, taps: number): number =>
    Math.floor((inputs + 2 * pad - (taps - 1) * dilation - 1) / stride) + 1;
  const [images, channels, oh, ow] = [2, 3, extent(h, th), extent(w, tw)];
  const [n, c, y, x] = [images, channels, oh, ow].map((one, i) => s.variable("ncyx"[i], one));
  const [a, b] = [s.variable("a", th), s.variable("b", tw)];
  const row = s.index([y, stride], [a, dilation], -pad);
  const column = s.index([x, stride], [b, dilation], -pad);
  const guard = s.table.both(s.table.within(row, 0, h), s.table.within(column, 0, w));
  return {
    s,
    variables: { n, c, y, x, a, b },
    guard,
    image: s.index([n, channels * h * w], [c, h * w], [row, w], [column, 1]),
    filter: s.index([c, th * tw], [a, tw], [b, 1]),
    result: s.index([n, channels * oh * ow], [c, oh * ow], [y, ow], [x, 1]),
    elements: { image: images * channels * h * w, filter: channels * th * tw, result: images * channels * oh * ow },
  };
}

const layers: Depthwise[] = [
  { size: [6, 16], taps: [3, 3], pad: 1 },
  { size: [5, 32], taps: [3, 3], pad: 1 },
  { size: [7, 7], taps: [3, 3], pad: 1 },
  { size: [6, 8], taps: [5, 5], pad: 2 },
  { size: [4, 4], taps: [3, 3], pad: 1 },
  { size: [3, 3], taps: [3, 3], pad: 1 },
  { size: [8, 29], taps: [3, 3], pad: 1 },
  { size: [9, 32], taps: [3, 3], pad: 1, stride: 2 },
  { size: [9, 15], taps: [3, 3], pad: 1, stride: 2 },
  { size: [9, 17], taps: [3, 3], pad: 2, dilation: 2 },
  { size: [3, 16], taps: [1, 15], pad: 14 },
  { size: [2, 8], taps: [3, 3], pad: 9 },
];

for (const layer of layers) {
  const { size, taps, pad, stride = 1, dilation = 1 } = layer;
  const title = `depthwise ${taps.join("×")} over ${size.join("×")}, padded by ${pad}, stride ${stride}, ` +
    `dilation ${dilation}`;

  Deno.test(`${title}: forward, with a later phase`, async () => {
    const { s, variables: { n, c, y, x, a, b }, guard, image, filter, result, elements } = sketch(layer);
    const [images, filters] = [s.slot("f32", elements.image), s.slot("f32", elements.filter)];
    const target = s.slot("f32", elements.result, "write");
    const value = s.f32("mul", s.load(images, image, guard), s.load(filters, filter));
    await check(programOf(s.nest([n, c, y, x], [
      reducing(0, "sum", "f32", value, [a, b]),
      storing([{ slot: target, index: result, value: s.f32("max", s.table.result("f32", 0), s.literal(0)) }]),
    ])));
  });

  Deno.test(`${title}: gradient of the filters`, async () => {
    const { s, variables: { n, c, y, x, a, b }, guard, image, filter, result, elements } = sketch(layer);
    const [images, slopes] = [s.slot("f32", elements.image), s.slot("f32", elements.result)];
    const target = s.slot("f32", elements.filter, "write");
    const value = s.f32("mul", s.load(images, image, guard), s.load(slopes, result));
    await check(programOf(s.nest([c, a, b], [
      reducing(0, "sum", "f32", value, [n, y, x]),
      storing([{ slot: target, index: filter, value: s.table.result("f32", 0) }]),
    ])));
  });

  Deno.test(`${title}: windows of which the largest element is taken`, async () => {
    const { s, variables: { n, c, y, x, a, b }, guard, image, result, elements } = sketch(layer);
    const images = s.slot("f32", elements.image);
    const [largest, place] = [s.slot("f32", elements.result, "write"), s.slot("i32", elements.result, "write")];
    const value = s.load(images, image, guard);
    const reductions = [
      { id: 0, kind: "max", dtype: "f32", value } as const,
      { id: 1, kind: "argmax", dtype: "i32", value } as const,
    ];
    await check(programOf(s.nest([n, c, y, x], [
      { inner: [a, b], reductions, stores: [] },
      storing([
        { slot: largest, index: result, value: s.table.result("f32", 0) },
        { slot: place, index: result, value: s.table.result("i32", 1) },
      ]),
    ])));
  });
}

Deno.test("masks of a row that is in the lanes as a whole are computed before the loops", () => {
  const sizeOf = (layer: Depthwise): number => {
    const { s, variables: { n, c, y, x, a, b }, guard, image, filter, result, elements } = sketch(layer);
    const [images, filters] = [s.slot("f32", elements.image), s.slot("f32", elements.filter)];
    const target = s.slot("f32", elements.result, "write");
    const value = s.f32("mul", s.load(images, image, guard), s.load(filters, filter));
    const nest = s.nest([n, c, y, x], [
      reducing(0, "sum", "f32", value, [a, b]),
      storing([{ slot: target, index: result, value: s.table.result("f32", 0) }]),
    ]);
    return Number(/; (\d+) bytes/.exec(compileProgram(programOf(nest)).listing)![1]);
  };
  const [padded, plain] = [
    sizeOf({ size: [6, 16], taps: [3, 3], pad: 1 }),
    sizeOf({ size: [8, 18], taps: [3, 3], pad: 0 }),
  ];
  assert(padded < 3 * plain, `${padded} bytes instead of ${plain}`);
});
