/**
 * Times the WebGPU kernels of small networks: products, the convolutions of LeNet-5 and their gradients, elementwise passes.
 *
 * `deno bench -A bench/webgpu_kernels.ts`. The name of each has the rate that it reaches.
 *
 * @module
 */

import { currentBackend, devices, setDevice } from "../core/device.ts";
import { loadBench } from "./rates.ts";
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

const kernels: Readonly<Record<string, () => Pattern>> = {
  "product 512": () => product(512, 512, 512),
  "product 1024": () => product(1024, 1024, 1024),
  "product 509, right side transposed": () => product(509, 509, 509, "NT"),
  "dense 500 x 784 x 500": () => dense(500, 500, 784),
  "dense 500 x 500 x 10": () => dense(500, 10, 500),
  "first convolution": () => convolution(first),
  "first convolution, gradient of kernel": () => convolutionKernelGradient(first),
  "second convolution": () => convolution(second),
  "second convolution, gradient of kernel": () => convolutionKernelGradient(second),
  "second convolution, gradient of input": () => convolutionInputGradient(second),
  "addition": () => elementwise("add", 2 ** 22),
  "sums of rows": () => reducing("sum", [500, 8000], "row"),
  "sums of columns": () => reducing("sum", [8000, 500], "column"),
  "sum of everything": () => reducing("sum", [1, 4_000_000], "row"),
};

/** Without an adapter there is nothing to measure. */
const hasAdapter = (await devices()).some(({ kind }) => kind === "webgpu");
if (hasAdapter) await setDevice("webgpu");
for (const [name, make] of hasAdapter ? Object.entries(kernels) : []) {
  const { program } = make();
  const bench = await loadBench(name, program, currentBackend());
  Deno.bench({ name: bench.name, n: 10, warmup: 2, fn: bench.run });
}
