/**
 * Mutants of `core/` that no test notices, each with the reason why this is no gap in the tests.
 *
 * @module
 */

import { acceptedInCompiler } from "./accepted_in_compiler.ts";
import { type Accepted, ofLine } from "./accepted_mutant.ts";

/** Mutants of `core/` that may survive. */
export const acceptedInCore: readonly Accepted[] = [
  ...acceptedInCompiler,
  ...[
    "if (error > 0 !== sum > 0 && words[0] === 0) words[1]--;",
    "words[0] += error > 0 === sum > 0 ? 1 : -1;",
  ].flatMap((context) =>
    ofLine(
      { file: "core/native/fused.ts", context, reason: "neither is 0 here: a sum of 0 is exact" },
      ...["error > 0 → (error >= 0)", "sum > 0 → (sum >= 0)"],
    )
  ),
  ...ofLine(
    {
      file: "core/native/check_kernels.ts",
      context: "const point = i % panel + (i < panel * DEPTH ? 0 : panel);",
      reason: "the first rows, and the first columns, of both panels have the same factor",
    },
    "i < panel * DEPTH → (i <= panel * DEPTH)",
  ),
  ...ofLine(
    {
      file: "core/graph/simplify/blocked_variances.ts",
      context:
        "while (first > 0 && length * x.shape[axes[first - 1]] <= LONGEST_BLOCK) length *= x.shape[axes[--first]];",
      reason: "before the first axis there is none, and no comparison with its extent holds",
    },
    "first > 0 → (first >= 0)",
  ),
  ...ofLine(
    {
      file: "core/graph/simplify/blocked_variances.ts",
      context: "return first > 0 && length >= SHORTEST_BLOCK",
      reason: "sums that fit in one block are left as they are before",
    },
    "first > 0 → (first >= 0)",
  ),
  ...[
    ["run_packing", "const backward = this.#stride < 0 ? this.#stride * (LANES - 1) : 0;"],
    ["point_packing", "const backward = this.#stride < 0 ? 1 - LANES : 0;"],
    ["chunk_packing", "const lowest = this.#stride < 0 ? this.#stride * (this.#chunk - 1) : 0;"],
    ["chunk_packing", "const place = this.#stride < 0 ? vectors - 1 - vector : this.#stride * vector;"],
  ].flatMap(([name, context]) =>
    ofLine(
      {
        file: `core/wasm/product/${name}.ts`,
        context,
        reason: "vectors are read at once only with strides of 1, 2 and -1",
      },
      "this.#stride < 0 → (this.#stride <= 0)",
    )
  ),
  ...ofLine(
    {
      file: "core/wasm/run/memory.ts",
      context: "if (this.#free[middle].address > address) high = middle;",
      reason: "no free piece has the address of another one",
    },
    "this.#free[middle].address > address → (this.#free[middle].address >= address)",
  ),
  ...ofLine(
    {
      file: "core/programs/least_recently_used.ts",
      context: "for (const [key, { used }] of this.#entries) if (used < least) [oldest, least] = [key, used];",
      reason: "no two values were used at the same time",
    },
    "used < least → (used <= least)",
  ),
  ...ofLine(
    {
      file: "core/native/encode/assembler.ts",
      context: "if (needed <= this.#bytes.length) return;",
      reason: "code that is copied to a larger array is the same",
    },
    ...[
      "needed <= this.#bytes.length → (needed < this.#bytes.length)",
      "this.#bytes.length → (this.#bytes.length - 1)",
    ],
  ),
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
    file: "core/jit.ts",
    context: "if (prints.length > 0) deliver(prints, storages.splice(types.length).map(readOnce));",
    name: "prints.length > 0 → (prints.length >= 0)",
    reason: "without prints, nothing is printed",
  },
  {
    file: "core/options/surplus.ts",
    context: "if (given.length > most) checkSurplus(name, Array.from(given), most);",
    name: "given.length > most → (given.length >= most)",
    reason: "the function that is called decides; the comparison only avoids most calls",
  },
  {
    file: "core/shape.ts",
    context: "if (a === b) return a;",
    name: "if (a === b) return a; → ;",
    reason: "a shape and itself are broadcast to equal extents; the comparison is only faster",
  },
  {
    file: "core/fuse/fusion_rules.ts",
    context: "this.members.set(node, { level, index, phase: used.size === 0 ? 0 : 1 + Math.max(...used) });",
    name: "0 → 1",
    reason: "only members of places have phases, and they use a reduction",
  },
  {
    file: "core/wasm/run/held_instances.ts",
    context: "this.#words = new Int32Array(shared.memory.buffer, 0, 1024);",
    name: "1024 → (2 * 1024)",
    reason: "a larger view of the same memory has the same words",
  },
  {
    file: "core/webgpu/wgsl/emitter.ts",
    context: "return constant < 0 ? `${text} - ${-constant}` : `${text} + ${constant}`;",
    name: "constant < 0 → (constant <= 0)",
    reason: "0 is not added",
  },
  {
    file: "core/wasm/run/held_instances.ts",
    context: "if (this.#dropped < 16) return;",
    name: "this.#dropped < 16 → (this.#dropped <= 16)",
    reason: "a round number; the collector may start one module later",
  },
  {
    file: "core/fuse/kernel_limits.ts",
    context: "const widest = node.inputs.reduce((a, b) => readsOf(b) > readsOf(a) ? b : a);",
    name: "readsOf(b) > readsOf(a) → (readsOf(b) >= readsOf(a))",
    reason: "of inputs that read as much, either may be kept",
  },
  {
    file: "core/fuse/successors.ts",
    context: "if (seen.size > MOST_VISITED) return undefined;",
    name: "seen.size > MOST_VISITED → (seen.size >= MOST_VISITED)",
    reason: "a round bound on the time that the search takes",
  },
];
