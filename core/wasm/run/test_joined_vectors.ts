/**
 * Prints whether the engine joins vectors, and the bits of a product by the kernels for such an engine once they are
 * optimized.
 *
 * @module
 */

import { openWasm } from "../backend.ts";
import { canJoinVectors } from "./joined_vectors.ts";
import { numbers, programOf, reducing, Sketch, storing } from "../testing.ts";

const [m, n, k] = [101, 67, 203];
const s = new Sketch();
const [i, j, d] = [s.variable("i", m), s.variable("j", n), s.variable("d", k)];
const [x, y, out] = [s.slot("f32", m * k), s.slot("f32", k * n), s.slot("f32", m * n, "write")];
const [left, right] = [s.load(x, s.index([i, k], [d, 1])), s.load(y, s.index([d, n], [j, 1]))];
const program = programOf(s.nest([i, j], [
  reducing(0, "sum", "f32", s.f32("mul", left, right), [d]),
  storing([{ slot: out, index: s.index([i, n], [j, 1]), value: s.table.result("f32", 0) }]),
], { contraction: { batch: [], rows: [i], columns: [j], depth: [d], left, right } }));

const backend = openWasm({ threads: 2, joinsVectors: true });
const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
[m * k, k * n].forEach((count, slot) =>
  backend.write(buffers[slot], new Float32Array(numbers("f32", count, slot + 1)))
);
const executable = backend.load(program);
const end = performance.now() + 200;
while (performance.now() < end) executable.run(buffers);
const bits = new Uint32Array(await backend.read(buffers[2], 4 * m * n));
await backend.close();
console.log(JSON.stringify({ joins: canJoinVectors(), bits: bits.join() }));
