/**
 * Operations outside of compiled functions, on tensors so small that the time is what an operation costs by itself:
 * `deno bench -A bench/eager.ts`. A compiled function of the same operation stands beside each as the baseline.
 *
 * @module
 */

import { jit, random, setDevice, softmax, type Tensor } from "../core/mod.ts";

await setDevice("wasm");
const [x, y] = [1, 2].map((seed) => random.normal(random.key(seed), [8, 8]));
const [a, b] = [1, 2].map((seed) => random.normal(random.key(seed), [32, 32]));

/** Operations of two tensors, by name. */
const operations: Readonly<Record<string, readonly [(x: Tensor, y: Tensor) => Tensor, Tensor, Tensor]>> = {
  "sum of two [8, 8]": [(x, y) => x.add(y), x, y],
  "[8, 8] times a number": [(x) => x.mul(0.3), x, y],
  "exp of [8, 8]": [(x) => x.exp(), x, y],
  "sums of the rows of [8, 8]": [(x) => x.sum({ axis: 1 }), x, y],
  "softmax of [8, 8]": [(x) => softmax(x), x, y],
  "product of two [32, 32]": [(x, y) => x.matmul(y), a, b],
  "slice of [32, 32]": [(x) => x.slice([1, 1], [5, 5]), a, b],
  "reshape of [32, 32]": [(x) => x.reshape([1024]), a, b],
  "sum of a slice of [32, 32] and [8, 8]": [(x, y) => x.slice([0, 0], [8, 8]).add(y), a, y],
};

for (const [group, [operation, x, y]] of Object.entries(operations)) {
  const compiled = jit(operation);
  Deno.bench({ name: "in a compiled function", group, baseline: true, fn: () => compiled(x, y).dispose() });
  Deno.bench({ name: "by itself", group, fn: () => operation(x, y).dispose() });
}
