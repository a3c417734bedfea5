/**
 * Mutants of the compiler and the devices that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import type { Accepted } from "./accepted_mutant.ts";

/** Mutants of the passes and the devices of `core/` that may survive. */
export const acceptedInCompiler: readonly Accepted[] = [
  {
    file: "core/graph/primitives/movement.ts",
    context: "if (by > 1) {",
    name: "by > 1 → (by >= 1)",
    reason: "the movements that insert nothing are dropped",
  },
  {
    file: "core/graph/primitives/movement.ts",
    context: "return first.size < second.size ? first : second;",
    name: "first.size < second.size → (first.size <= second.size)",
    reason: "of two checks that are equally strict, either is right",
  },
  {
    file: "core/graph/primitives/product_of_others.ts",
    context: "const products = count > MOST_TOGETHER ? pairs.prod({ axis: -1 }) : first.mul(second); // [rows, pair]",
    name: "count > MOST_TOGETHER → (count >= MOST_TOGETHER)",
    reason: "pairs have the same products either way",
  },
  {
    file: "core/nest/strides.ts",
    context: "const growth = coefficient < 0 ? undefined : growthOf(term, variable, count);",
    name: "coefficient < 0 → (coefficient <= 0)",
    reason: "terms have coefficients other than 0",
  },
  {
    file: "core/nest/strides.ts",
    context: "if (stride === undefined || stride < 0 || division.divisor <= 0) return undefined;",
    name: "stride < 0 → (stride <= 0)",
    reason: "what depends on a loop has a stride other than 0 along it",
  },
  {
    file: "core/wasm/encode/bytes.ts",
    context: "if (this.#length + count > this.#bytes.length) this.#grow(count);",
    name: "this.#length + count > this.#bytes.length → (this.#length + count >= this.#bytes.length)",
    reason: "when memory for later bytes is taken",
  },
  {
    file: "core/wasm/encode/bytes.ts",
    context: "else for (let i = 0; i < count; i++) this.#bytes[this.#length + i] = from[begin + i];",
    name: "i < count → (i <= count)",
    reason: "a byte past the end is overwritten by the next one, or is never read",
  },
  {
    file: "core/webgpu/run/pipelines.ts",
    context: "if (this.#ramp && this.#ramp.length >= extent) return;",
    name: "this.#ramp.length >= extent → (this.#ramp.length > extent)",
    reason: "numbers that are made anew are the same",
  },
  {
    file: "core/webgpu/run/pipelines.ts",
    context: "for (let i = 0; i < length; i++) values[i * words] = i;",
    name: "i < length → (i <= length)",
    reason: "an element past the end of a typed array is not written",
  },
  {
    file: "core/webgpu/run/pipelines.ts",
    context:
      "const bindGroupLayouts = counters.length > 0 ? [layout, this.#counterLayout(counters.length)] : [layout];",
    name: "counters.length > 0 → (counters.length >= 0)",
    reason: "a group without bindings does nothing",
  },
  {
    file: "core/webgpu/run/transfer.ts",
    context: "if (bytes > 0) encoder.copyBufferToBuffer(buffer.gpu, 0, staging, 0, length);",
    name: "bytes > 0 → (bytes >= 0)",
    reason: "a copy of no bytes does nothing",
  },
  {
    file: "core/fuse/build_nest.ts",
    context: "if (sizeOf(base.shape) > 0 && sizeOf(indices.shape) > 0) {",
    name: "sizeOf(indices.shape) > 0 → (sizeOf(indices.shape) >= 0)",
    reason: "loops that run never change nothing",
  },
  {
    file: "core/fuse/kernel_limits.ts",
    context: "const widest = node.inputs.reduce((a, b) => readsOf(b) > readsOf(a) ? b : a);",
    name: "readsOf(b) > readsOf(a) → (readsOf(b) >= readsOf(a))",
    reason: "of two inputs that read as much, either may be kept",
  },
  {
    file: "core/fuse/indices.ts",
    context: "while (left !== right && (end < from.length || stop < to.length)) {",
    name: "end < from.length → (end <= from.length)",
    reason: "both shapes have as many elements, so they end together unless there are none",
  },
  {
    file: "core/fuse/indices.ts",
    context: "if ((left < right && end < from.length) || stop >= to.length) left *= from[end++];",
    name: "end < from.length → (end <= from.length)",
    reason: "both shapes have as many elements, so they end together unless there are none",
  },
  {
    file: "core/fuse/indices.ts",
    context: "while (left !== right && (end < from.length || stop < to.length)) {",
    name: "stop < to.length → (stop <= to.length)",
    reason: "both shapes have as many elements, so they end together unless there are none",
  },
  {
    file: "core/fuse/indices.ts",
    context: "if ((left < right && end < from.length) || stop >= to.length) left *= from[end++];",
    name: "stop >= to.length → (stop > to.length)",
    reason: "both shapes have as many elements, so they end together unless there are none",
  },
  {
    file: "core/fuse/indices.ts",
    context: "if ((left < right && end < from.length) || stop >= to.length) left *= from[end++];",
    name: "left < right → (left <= right)",
    reason: "here they differ",
  },
  {
    file: "core/wasm/schedule/tile_sizes.ts",
    context: "if (columns > rows) mostColumns = columns / 2;",
    name: "columns > rows → (columns >= rows)",
    reason: "of two sides of the same length, either may be cut",
  },
  {
    file: "core/wasm/steps.ts",
    context: "} else if (step.counter.extent > 0) {",
    name: "step.counter.extent > 0 → (step.counter.extent >= 0)",
    reason: "a loop that never runs does nothing",
  },
  {
    file: "core/webgpu/schedule/tile_cost.ts",
    context: "if (!best || cost < best.cost) best = { cost, choice };",
    name: "cost < best.cost → (cost <= best.cost)",
    reason: "of two tiles that cost as much, either is right",
  },
  {
    file: "core/webgpu/wgsl/emitter.ts",
    context: "return factor === 1 ? text : factor < 0 ? `${text} * (${factor})` : `${text} * ${factor}`;",
    name: "factor < 0 → (factor <= 0)",
    reason: "factors are other than 0",
  },
  {
    file: "core/wasm/write/iteration.ts",
    context: "if (!first || extent > 1 && first.bytes.length * extent > UNROLLED_BYTES) return false;",
    name: "extent > 1 → (extent >= 1)",
    reason: "a loop of one turn has the same results",
  },
  {
    file: "core/wasm/product/point_packing.ts",
    context: "const rest = table.affine([[sum, step > 0 ? -1 : 1], [this.#last, size]], step > 0 ? size - 1 : size);",
    name: "step > 0 → (step >= 0)",
    reason: "only conditions that depend on this variable are asked for, so the step is not 0",
  },
];
