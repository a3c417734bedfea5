/**
 * Products of matrices as loop nests, as the compiler generates them for `matmul` and `conv2d`.
 *
 * @module
 */

import type { Program } from "../core/nest/program.ts";
import { programOf, reducing, Sketch, storing } from "../core/wasm/testing.ts";

/** `[m, k] · [k, n]`. */
export function product(m: number, n: number, k: number): Program {
  const s = new Sketch();
  const [i, j, d] = [s.variable("i", m), s.variable("j", n), s.variable("d", k)];
  const [a, b, c] = [s.slot("f32", m * k), s.slot("f32", k * n), s.slot("f32", m * n, "write")];
  const [left, right] = [s.load(a, s.index([i, k], [d, 1])), s.load(b, s.index([d, n], [j, 1]))];
  return programOf(s.nest([i, j], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), [d]),
    storing([{ slot: c, index: s.index([i, n], [j, 1]), value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: [], rows: [i], columns: [j], depth: [d], left, right } }));
}

/** A layer of square filters over square images, without padding. */
export interface Convolution {
  readonly images: number;
  readonly channels: number;
  readonly size: number;
  readonly filters: number;
  readonly taps: number;
}

function sketch({ images, channels, size, filters, taps }: Convolution) {
  const s = new Sketch();
  const out = size - taps + 1;
  const [n, o, y, x] = [images, filters, out, out].map((extent, axis) => s.variable("noyx"[axis], extent));
  const [c, a, b] = [channels, taps, taps].map((extent, axis) => s.variable("cab"[axis], extent));
  return {
    s,
    variables: { n, o, y, x, c, a, b },
    image: s.index([n, channels * size * size], [c, size * size], [y, size], [a, size], [x, 1], [b, 1]),
    filter: s.index([o, channels * taps * taps], [c, taps * taps], [a, taps], [b, 1]),
    result: s.index([n, filters * out * out], [o, out * out], [y, out], [x, 1]),
    elements: {
      image: images * channels * size * size,
      filter: filters * channels * taps * taps,
      result: images * filters * out * out,
    },
  };
}

/** The layer's result. */
export function convolutionForward(layer: Convolution): Program {
  const { s, variables: { n, o, y, x, c, a, b }, image, filter, result, elements } = sketch(layer);
  const slots = [s.slot("f32", elements.image), s.slot("f32", elements.filter)];
  const target = s.slot("f32", elements.result, "write");
  const [left, right] = [s.load(slots[0], image), s.load(slots[1], filter)];
  const depth = [c, a, b];
  return programOf(s.nest([n, o, y, x], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), depth),
    storing([{ slot: target, index: result, value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: [], rows: [n, y, x], columns: [o], depth, left, right } }));
}

/** The gradient of the layer's filters. */
export function convolutionWeights(layer: Convolution): Program {
  const { s, variables: { n, o, y, x, c, a, b }, image, filter, result, elements } = sketch(layer);
  const slots = [s.slot("f32", elements.result), s.slot("f32", elements.image)];
  const target = s.slot("f32", elements.filter, "write");
  const [left, right] = [s.load(slots[0], result), s.load(slots[1], image)];
  const depth = [n, y, x];
  return programOf(s.nest([o, c, a, b], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), depth),
    storing([{ slot: target, index: filter, value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: [], rows: [o], columns: [c, a, b], depth, left, right } }));
}
