/**
 * Shows whether neighboring sizes take similar times, and draws the rates in the terminal:
 *
 * ```sh
 * deno task sweep:sizes [products] [batches] [widths] [--device wasm]
 * ```
 *
 * `products` multiplies matrices of n − 1, n and n + 1 rows and columns. `batches` and `widths` take training steps of a
 * perceptron with batches of 1 to 5000, and with layers of 16 to 4096 units.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { type DeviceChoice, random, setDevice, type Tensor, tensor } from "../core/mod.ts";
import { currentBackend } from "../core/device.ts";
import { denseLayer, inputLayer, logisticRegression, sequential } from "../layers/mod.ts";
import { network } from "../model/mod.ts";
import { sgd } from "../optim/mod.ts";
import { chart, lineColors } from "../views/terminal_chart.ts";
import { loadLibrary } from "../views/drawing_libraries.ts";
import { trainingStep } from "./networks.ts";

/** The most by which a size may be slower than its neighbor, per operation. */
const CLIFF = 1.25;

/** A size, and billion operations per second. */
interface Rate {
  readonly size: number;
  readonly rate: number;
}

/** The fastest of some calls in milliseconds, after some that are not timed. */
async function fastest(call: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  const begin = performance.now();
  for (let calls = 0; calls < 6 || performance.now() - begin < 150 && calls < 4000; calls++) {
    const start = performance.now();
    await call();
    if (calls >= 3) least = Math.min(least, performance.now() - start);
  }
  return least;
}

async function productRate(size: number): Promise<Rate> {
  const values = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  using x = tensor(values, [size, size]);
  using y = tensor(values, [size, size]);
  const milliseconds = await fastest(async () => {
    using _product = x.matmul(y);
    await currentBackend().finish();
  });
  return { size, rate: 2 * size ** 3 / milliseconds / 1e6 };
}

const classes = (count: number): Tensor => tensor(Int32Array.from({ length: count }, (_, i) => i % 10));

/** The rate of a training step of two layers, counted as three times the operations of the forward pass. */
async function stepRate(batch: number, units: number): Promise<number> {
  const step = trainingStep({
    name: "sweep",
    rule: sgd({ learningRate: 0.01 }),
    build: () =>
      network(
        "sweep",
        sequential(inputLayer({ shape: [null, 784] }), [
          (previous) => denseLayer(previous, { nUnits: units, activation: "relu" }),
          (previous) => denseLayer(previous, { nUnits: units, activation: "relu" }),
          (previous) => logisticRegression(previous, { nClass: 10 }),
        ]),
      ),
    batch: () => [random.uniform(random.key(1), [batch, 784]), classes(batch)],
  });
  const weights = units * (784 + units + 10);
  return 3 * 2 * batch * weights / await fastest(step) / 1e6;
}

const neighbors = [64, 96, 128, 192, 256, 384, 512, 768, 1024].flatMap((size) => [size - 1, size, size + 1]);
const batches = [1, 2, 5, 10, 20, 31, 32, 33, 50, 64, 100, 128, 200, 256, 500, 512, 1000, 2000, 5000];
const widths = [16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 500, 512, 1000, 1024, 2048, 4096];

/** The sweeps by name. */
const sweeps: Readonly<Record<string, readonly [sizes: readonly number[], measure: (size: number) => Promise<Rate>]>> =
  {
    products: [neighbors, productRate],
    batches: [batches, async (size) => ({ size, rate: await stepRate(size, 500) })],
    widths: [widths, async (size) => ({ size, rate: await stepRate(100, size) })],
  };

/** The rounds in which all sizes are measured, so that a disturbance of the machine does not hit one of them alone. */
const ROUNDS = 5;

/** Returns the best rate of each size in several rounds. */
async function bestRates(sizes: readonly number[], measure: (size: number) => Promise<Rate>): Promise<Rate[]> {
  const best = new Map<number, Rate>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of sizes) {
      const [before, now] = [best.get(size), await measure(size)];
      if (before === undefined || now.rate > before.rate) best.set(size, now);
    }
  }
  return [...best.values()];
}

/** Returns the sizes that are slower per operation than the size before or after them by more than the bound. */
export function cliffsOf(rates: readonly Rate[]): string[] {
  return rates.flatMap(({ size, rate }, i) => {
    const near = [rates[i - 1], rates[i + 1]].filter((other) => other !== undefined)
      .filter((other) => Math.abs(other.size - size) <= 1 && other.rate > CLIFF * rate);
    return near.map((other) => `${size} is ${(other.rate / rate).toFixed(2)} times slower than ${other.size}`);
  });
}

async function draw(name: string, rates: readonly Rate[]): Promise<string> {
  const points = rates.map(({ size, rate }) => ({ epoch: Math.log2(size), value: rate }));
  const lines = [{ name: `${name}: GFLOP/s by size`, points, color: lineColors.blue }];
  const ends = (first: number, last: number) =>
    [first, last].map((log) => `${Math.round(2 ** log)}`) as [string, string];
  return chart(await loadLibrary("asciichart"), { lines, addition: "", ends }, {
    columns: 100,
    rows: 14,
    color: false,
  });
}

async function main(args: readonly string[]): Promise<void> {
  const { _: named, device = "wasm" } = parseArgs([...args], { string: ["device"] });
  console.log((await setDevice(device as DeviceChoice)).name);
  for (const [name, [sizes, measure]] of Object.entries(sweeps)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const rates = await bestRates(sizes, measure);
    console.log(`\n${await draw(name, rates)}`);
    for (const { size, rate } of rates) {
      console.log(`${String(size).padStart(6)} ${rate.toFixed(1).padStart(8)} GFLOP/s`);
    }
    const cliffs = cliffsOf(rates);
    for (const cliff of cliffs) console.log(`cliff: ${cliff}`);
    if (cliffs.length === 0) console.log(`no size differs from its neighbor by more than ${CLIFF} times`);
  }
}

if (import.meta.main) await main(Deno.args);
