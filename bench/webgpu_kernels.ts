/**
 * Times the WebGPU kernels of small networks: products, the convolutions of LeNet-5 and their gradients, elementwise passes.
 *
 * `deno bench -A bench/webgpu_kernels.ts`. The name of each has its amount of work, from which rates follow.
 *
 * @module
 */

import type { Backend, DeviceBuffer } from "../core/backend.ts";
import { openWebgpu } from "../core/webgpu/backend.ts";
import {
  type Convolution,
  convolution,
  convolutionInputGradient,
  convolutionKernelGradient,
  dense,
  product,
} from "../core/webgpu/test_contractions.ts";
import { elementwise, type Pattern, reducing } from "../core/webgpu/test_patterns.ts";

const first: Convolution = { batch: 500, channels: 1, size: [28, 28], filters: 20, kernel: [5, 5] };
const second: Convolution = { batch: 500, channels: 20, size: [12, 12], filters: 50, kernel: [5, 5] };

const kernels: Readonly<Record<string, readonly [string, () => Pattern]>> = {
  "product 512": ["0.27 GFLOP", () => product(512, 512, 512)],
  "product 1024": ["2.15 GFLOP", () => product(1024, 1024, 1024)],
  "product 509, right side transposed": ["0.26 GFLOP", () => product(509, 509, 509, "NT")],
  "dense 500 x 784 x 500": ["0.39 GFLOP", () => dense(500, 500, 784)],
  "dense 500 x 500 x 10": ["5 MFLOP", () => dense(500, 10, 500)],
  "first convolution": ["0.29 GFLOP", () => convolution(first)],
  "first convolution, gradient of kernel": ["0.29 GFLOP", () => convolutionKernelGradient(first)],
  "second convolution": ["1.6 GFLOP", () => convolution(second)],
  "second convolution, gradient of kernel": ["1.6 GFLOP", () => convolutionKernelGradient(second)],
  "second convolution, gradient of input": ["3.6 GFLOP", () => convolutionInputGradient(second)],
  "addition": ["50 MB", () => elementwise("add", 2 ** 22)],
  "sums of rows": ["16 MB", () => reducing("sum", [500, 8000], "row")],
  "sums of columns": ["16 MB", () => reducing("sum", [8000, 500], "column")],
  "sum of everything": ["16 MB", () => reducing("sum", [1, 4_000_000], "row")],
};

/** Loads a kernel on the device, and returns a function that runs it and waits until it has finished. */
function ready(backend: Backend, { program, cells }: Pattern): () => Promise<void> {
  const buffers: DeviceBuffer[] = program.buffers.map(({ bytes }, i) => {
    const buffer = backend.allocate(bytes);
    backend.write(buffer, Float32Array.from(cells[i] ?? new Float32Array(bytes / 4)));
    return buffer;
  });
  const executable = backend.load(program);
  return async () => {
    executable.run(buffers);
    await backend.read(buffers[0], 4);
  };
}

for (const [name, [work, make]] of Object.entries(kernels)) {
  let run: (() => Promise<void>) | undefined;
  Deno.bench(`${name}: ${work}`, { n: 10, warmup: 2 }, async (b) => {
    run ??= ready(await openWebgpu({ allowSoftware: true }), make());
    b.start();
    await run();
    b.end();
  });
}
