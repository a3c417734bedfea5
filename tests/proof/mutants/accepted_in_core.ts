/**
 * Mutants of `core/` that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import { type Accepted, ofLine } from "./accepted_mutant.ts";

/** Mutants of `core/` that may survive. */
export const acceptedInCore: readonly Accepted[] = [
  ...ofLine(
    {
      file: "core/random/normal_table.ts",
      context: "if (Math.abs(step) < NO_STEP) break;",
      reason: "later rounds change nothing",
    },
    ...["if (Math.abs(step) < NO_STEP) break; → ;", "break; → ;"],
  ),
  {
    file: "core/random/normal_table.ts",
    context: "for (let i = 0; i < ROUNDS; i++) {",
    name: "0 → 1",
    reason: "there are more rounds than make a difference",
  },
  {
    file: "core/random/normal_table.ts",
    context: "for (let i = 0; i < ROUNDS; i++) {",
    name: "0 → (-1)",
    reason: "there are more rounds than make a difference",
  },
  ...ofLine(
    {
      file: "core/random/normal_table.ts",
      context: "if (x > 2) {",
      reason: "both formulas have all digits at 2",
    },
    "x > 2 → (x >= 2)",
  ),
  ...[
    "return low < high ? scaled.minimum(last) : scaled.maximum(last);",
    "return sums.some((sum) => low < high ? sum >= high : sum <= high);",
    "const isInside = (value: number): boolean => low < high ? value < high : value > high;",
    "if (single === 0) return low < high ? -(2 ** -126) : 2 ** -126;",
    "bits[0] += (single > 0) === low < high ? -1 : 1;",
  ].flatMap((context) =>
    ofLine(
      { file: "core/random/distributions.ts", context, reason: "here the bounds differ" },
      "low < high → (low <= high)",
    )
  ),
  ...ofLine(
    {
      file: "core/random/distributions.ts",
      context: "bits[0] += (single > 0) === low < high ? -1 : 1;",
      reason: "here the number is not 0",
    },
    "single > 0 → (single >= 0)",
  ),
  ...ofLine(
    {
      file: "core/webgpu/wgsl/emitter.ts",
      context:
        "return placed.reduce<Block>((deepest, { block }) => block.depth > deepest.depth ? block : deepest, this.#root);",
      reason: "operands are in blocks around the current one, of which there is one of each depth",
    },
    "block.depth > deepest.depth → (block.depth >= deepest.depth)",
  ),
  ...ofLine(
    {
      file: "core/debugging/severity.ts",
      context: "continue;",
      reason: "the loop is computed twice then, with the same results",
    },
    "continue; → ;",
  ),
  ...ofLine(
    {
      file: "core/debugging/watch_memory.ts",
      context: "return [...owned.values()].sort((a, b) => b.bytes - a.bytes || (a.owner < b.owner ? -1 : 1));",
      reason: "the names of owners differ",
    },
    "a.owner < b.owner → (a.owner <= b.owner)",
  ),
  ...ofLine(
    {
      file: "core/creation.ts",
      context: "for (let i = 0; i < values.length; i++) array[i] = roundTo(dtype, Number(values[i]));",
      reason: "an element past the end of a typed array is not written",
    },
    ...["i < values.length → (i <= values.length)", "values.length → (values.length + 1)"],
  ),
  ...ofLine(
    {
      file: "core/webgpu/run/buffers.ts",
      context: "if (bytes <= leastCapacity) return leastCapacity;",
      reason: "the formula below gives the same for the least capacity",
    },
    "bytes <= leastCapacity → (bytes < leastCapacity)",
  ),
  ...ofLine(
    {
      file: "core/webgpu/run/device.ts",
      context: "if (this.#watched.size > 0) await Promise.all(this.#watched);",
      reason: "nothing is waited for if there is nothing",
    },
    "this.#watched.size > 0 → (this.#watched.size >= 0)",
  ),
  ...ofLine(
    {
      file: "core/wasm/run/memory.ts",
      context: "let at = this.#free.findIndex(({ address }) => address > piece.address);",
      reason: "pieces have different addresses",
    },
    "address > piece.address → (address >= piece.address)",
  ),
  ...ofLine(
    {
      file: "core/wasm/run/held_instances.ts",
      context: "if (this.#dropped < 16) return;",
      reason: "when the collector starts is not specified; the suite of endurance measures what remains in memory",
    },
    ...[
      "this.#dropped < 16 → (this.#dropped <= 16)",
      "16 → 17",
      "16 → (15)",
      "16 → (2 * 16)",
      "16 → (16 / 2)",
      "16 → 0",
    ],
  ),
  ...ofLine(
    {
      file: "core/functions/movement.ts",
      context: "const aligned = missing > 0 ? reshape(x, [...new Array<number>(missing).fill(1), ...x.shape]) : x;",
      reason: "a reshape to the same shape is dropped",
    },
    "missing > 0 → (missing >= 0)",
  ),
  ...ofLine(
    {
      file: "core/graph/primitives/movement.ts",
      context: "if (extra > 0) x = x.pad(x.shape.map((_, i): [number, number] => i === axis ? [0, extra] : [0, 0]));",
      reason: "a padding by nothing is dropped",
    },
    "extra > 0 → (extra >= 0)",
  ),
  ...ofLine(
    {
      file: "core/graph/primitives/movement.ts",
      context:
        "if (extra < 0) x = x.slice(x.shape.map(() => 0), x.shape.map((extent, i) => i === axis ? extents[axis] : extent));",
      reason: "a slice of all elements is dropped",
    },
    "extra < 0 → (extra <= 0)",
  ),
  ...ofLine(
    {
      file: "core/graph/ops.ts",
      context: 'if (sizeOf(shape) > MOST_ELEMENTS) checkShape(shape, "make a tensor of shape");',
      reason: "the function that is called decides; the comparison only avoids most calls",
    },
    "sizeOf(shape) > MOST_ELEMENTS → (sizeOf(shape) >= MOST_ELEMENTS)",
  ),
  ...ofLine(
    {
      file: "core/wasm/schedule/skipping.ts",
      context: "if (share < least) {",
      reason: "of two pairs of loops by which as much can be skipped, either is right",
    },
    "share < least → (share <= least)",
  ),
  ...ofLine(
    {
      file: "core/wasm/run/held_instances.ts",
      context: "this.#dropped = 0;",
      reason: "when the collector starts is not specified; the suite of endurance measures what remains in memory",
    },
    ...["0 → 1", "this.#dropped = 0; → ;"],
  ),
  {
    file: "core/wasm/run/held_instances.ts",
    context: "void new ArrayBuffer(2 ** 27);",
    name: "2 ** 27 → (2 * 27)",
    reason: "when the collector starts is not specified; the suite of endurance measures what remains in memory",
  },
  {
    file: "core/wasm/scalar/power.ts",
    context: "const zero = m.i32x4(0);",
    name: "0 → 1",
    reason: "the lowest bit of a double does not change the single to which it is rounded",
  },
  {
    file: "core/random/normal_table.ts",
    context: "for (let i = 0; i <= octaves * PARTS; i++) {",
    name: "i <= octaves * PARTS → (i < octaves * PARTS)",
    reason: "the last quantile is that of one half, which is 0, and a new array has zeros",
  },
  ...["0 → 1", "0 → (-1)"].map((name): Accepted => ({
    file: "core/wasm/run/threads.ts",
    context:
      'const nothing: Omit<Job, "module"> = { code: 0, codeBytes: 0, table: 0, base: 0, workspace: 0, workspaceBytes: 0 };',
    name,
    reason: "jobs without a module have nothing that these numbers describe",
  })),
  {
    file: "core/dtype.ts",
    context: "return rank[a] >= rank[b] ? a : b;",
    name: "rank[a] >= rank[b] → (rank[a] > rank[b])",
    reason: "element types with one rank are the same",
  },
  {
    file: "core/functions/mixed_operands.ts",
    context:
      'return typeof b === "number" && Number.isInteger(b) && b > 0 && (a.dtype === "i32" || a.dtype === "u32");',
    name: "b > 0 → (b >= 0)",
    reason: "an exponent of 0 was handled before",
  },
  {
    file: "core/functions/pooling.ts",
    context: "const isLarge = window[0] * window[1] > LARGE && window.some((extent, i) => extent > x.shape[i + 2]);",
    name: "extent > x.shape[i + 2] → (extent >= x.shape[i + 2])",
    reason: "windows of just the size of the image have the same results either way",
  },
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
    file: "core/jit.ts",
    context: "if (prints.length > 0) deliver(prints, storages.splice(types.length).map(readOnce));",
    name: "prints.length > 0 → (prints.length >= 0)",
    reason: "without prints, nothing is printed",
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
    file: "core/options/surplus.ts",
    context: "if (given.length > most) checkSurplus(name, Array.from(given), most);",
    name: "given.length > most → (given.length >= most)",
    reason: "the function that is called decides; the comparison only avoids most calls",
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
    file: "core/wasm/run/memory.ts",
    context: "if (piece.bytes >= reserved && (!best || piece.bytes < best.bytes)) best = piece;",
    name: "piece.bytes < best.bytes → (piece.bytes <= best.bytes)",
    reason: "of two pieces of the same size, either is right",
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
    context:
      "if (bytes > 0) this.#submit((encoder) => encoder.copyBufferToBuffer(source.gpu, 0, target.gpu, 0, bytes));",
    name: "bytes > 0 → (bytes >= 0)",
    reason: "a copy of no bytes does nothing",
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
];
