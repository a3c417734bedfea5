/**
 * The kernels in which training spends its time, on the CPU: `deno bench -A bench/wasm_kernels.ts`.
 *
 * @module
 */

import type { Backend } from "../core/backend.ts";
import { currentBackend, setDevice } from "../core/device.ts";
import type { Program } from "../core/nest/program.ts";
import { openWasm } from "../core/wasm/backend.ts";
import { loadBench } from "./rates.ts";
import { convolutionForward, convolutionWeights, product } from "./wasm_products.ts";
import { programOf, reducing, Sketch, storing } from "../core/wasm/testing.ts";

await setDevice("wasm");
const plain = openWasm({ native: false });
const native = currentBackend();

async function bench(
  name: string,
  program: Program,
  { backend, group, baseline = false }: {
    readonly backend: Backend;
    readonly group?: string;
    readonly baseline?: boolean;
  },
): Promise<void> {
  const { name: named, run } = await loadBench(name, program, backend);
  Deno.bench({ name: named, ...group !== undefined && { group }, baseline, fn: run });
}

/** Measures a product in WebAssembly alone and, if there are such kernels, in machine code. */
async function benchProduct(group: string, program: Program): Promise<void> {
  await bench("WebAssembly", program, { backend: plain, group, baseline: true });
  if (native.info.name.replace(/,.*/, "") !== plain.info.name.replace(/,.*/, "")) {
    await bench("machine code", program, { backend: native, group });
  }
}

function elementwise(count: number): Program {
  const s = new Sketch();
  const i = s.variable("i", count);
  const [x, a, b, y] = [s.slot("f32", count), s.slot("f32", 1), s.slot("f32", 1), s.slot("f32", count, "write")];
  const [value, scale, shift] = [s.load(x, i), s.load(a, s.index(0)), s.load(b, s.index(0))];
  const bent = s.f32("tanh", s.f32("add", s.f32("mul", value, scale), shift));
  const gated = s.f32("mul", bent, s.f32("sigmoid", value));
  const sum = s.f32("add", gated, s.f32("max", value, s.literal(0)));
  return programOf(s.nest([i], [storing([{ slot: y, index: i, value: sum }])]));
}

function softmax(rows: number, columns: number): Program {
  const s = new Sketch();
  const i = s.variable("i", rows);
  const [j, k, l] = ["j", "k", "l"].map((name) => s.variable(name, columns));
  const [x, y] = [s.slot("f32", rows * columns), s.slot("f32", rows * columns, "write")];
  const at = (column: typeof j) => s.index([i, columns], [column, 1]);
  const shifted = (column: typeof j) => s.f32("exp", s.f32("sub", s.load(x, at(column)), s.table.result("f32", 0)));
  return programOf(s.nest([i], [
    reducing(0, "max", "f32", s.load(x, at(j)), [j]),
    reducing(1, "sum", "f32", shifted(k), [k]),
    storing([{ slot: y, index: at(l), value: s.f32("div", shifted(l), s.table.result("f32", 1)) }], [l]),
  ]));
}

function columnSums(rows: number, columns: number): Program {
  const s = new Sketch();
  const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
  const [x, y] = [s.slot("f32", rows * columns), s.slot("f32", columns, "write")];
  return programOf(s.nest([j], [
    reducing(0, "sum", "f32", s.load(x, s.index([i, columns], [j, 1])), [i]),
    storing([{ slot: y, index: j, value: s.table.result("f32", 0) }]),
  ]));
}

/** The sum of a transposed and a plain matrix. */
function transposedSum(size: number): Program {
  const s = new Sketch();
  const [i, j] = [s.variable("i", size), s.variable("j", size)];
  const [x, y, z] = [s.slot("f32", size ** 2), s.slot("f32", size ** 2), s.slot("f32", size ** 2, "write")];
  const [along, across] = [s.index([i, size], [j, 1]), s.index([i, 1], [j, size])];
  const value = s.f32("add", s.load(x, across), s.load(y, along));
  return programOf(s.nest([i, j], [storing([{ slot: z, index: along, value }])]));
}

for (const size of [511, 512, 1024, 2048]) await benchProduct(`product ${size}³`, product(size, size, size));
await benchProduct("product [20, 784] · [784, 500]", product(20, 500, 784));
await benchProduct("product [500, 784] · [784, 500]", product(500, 500, 784));

const first = { images: 500, channels: 1, size: 28, filters: 20, taps: 5 };
const second = { images: 500, channels: 20, size: 12, filters: 50, taps: 5 };
for (const [name, layer] of [["first", first], ["second", second]] as const) {
  await benchProduct(`LeNet-5, ${name} convolution`, convolutionForward(layer));
  await benchProduct(`LeNet-5, ${name} convolution, gradient of the weights`, convolutionWeights(layer));
}

const others = { backend: native };
await bench("tanh(x · a + b) · sigmoid(x) + relu(x), 2²⁴ elements", elementwise(2 ** 24), others);
await bench("softmax of 4096 rows of 1024", softmax(4096, 1024), others);
await bench("sums of 1024 columns of 4096", columnSums(4096, 1024), others);
await bench("sum of a transposed and a plain 2048 × 2048 matrix", transposedSum(2048), others);
