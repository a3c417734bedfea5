/**
 * Measures how fast the chosen device multiplies matrices.
 *
 * @module
 */

import { jit } from "../../core/jit.ts";
import { key } from "../../core/random/bits.ts";
import { uniform } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";

/** The result of the measurement. */
export interface Benchmark {
  /** The number of rows and columns of the matrices. */
  readonly size: number;
  readonly products: number;
  readonly seconds: number;
  /** 10⁹ additions and multiplications per second. */
  readonly gflops: number;
}

const SIZE = 1024;

/**
 * Multiplies square matrices for about this many seconds. It waits for the device after each round, and the rounds
 * become longer.
 */
export async function benchmark(
  seconds: number,
  signal: AbortSignal,
  now = performance.now.bind(performance),
): Promise<Benchmark> {
  const matrix = (seed: number): Tensor => uniform(key(seed), [SIZE, SIZE]);
  const [a, b] = [matrix(1), matrix(2)];
  const product = jit((a: Tensor, b: Tensor) => a.matmul(b), { name: "benchmark" });
  const round = async (count: number): Promise<void> => {
    let last = product(a, b);
    for (let i = 1; i < count; i++) {
      last.dispose();
      last = product(a, b);
    }
    using corner = last.slice([0, 0], [1, 1]);
    await corner.data();
    last.dispose();
  };
  await round(2);
  const start = now();
  const passed = (): number => (now() - start) / 1000;
  let products = 0;
  for (let count = 1; passed() < seconds && !signal.aborted; count *= 2) {
    const rounds = Math.min(count, Math.max(1, Math.ceil(products * (seconds / Math.max(passed(), 1e-3) - 1))));
    await round(rounds);
    products += rounds;
  }
  const measured = passed();
  return { size: SIZE, products, seconds: measured, gflops: 2 * SIZE ** 3 * products / measured / 1e9 };
}
