import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { tensor } from "../core/creation.ts";
import { setDevice } from "../core/device.ts";
import { matmul } from "../core/functions/matmul.ts";
import { softmax } from "../core/functions/reduction.ts";
import { grad } from "../core/gradients.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";

const numbers = [0, -0, 1, -1, 3, 0.1, 1e38, -1e38, 3e38, 1e-38, 1e-44, 1e20, 1e-20, 1e30, Infinity, -Infinity, NaN];

const sumOf = (x: Tensor, axis: number): Tensor => x.sum({ axis, keepDims: true });

/** Operations on values that were computed before. No logarithms: limits.md says how those of exponentials differ. */
const operations: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  neg: (x) => x.neg(),
  exp: (x) => x.exp(),
  sqrt: (x) => x.sqrt(),
  square: (x) => x.square(),
  double: (x) => x.add(x),
  reciprocal: (x) => x.reciprocal(),
  tanh: (x) => x.tanh(),
  add: (x, y) => x.add(y),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  div: (x, y) => x.div(y),
  maximum: (x, y) => x.maximum(y),
  half: (x) => x.mul(0.5),
  tiny: (x) => x.mul(1e-30),
  infinite: (x) => x.mul(Infinity),
  none: (x) => x.mul(0),
  choice: (x, y) => x.less(y).where(x, y),
  columns: (x) => sumOf(x, 0),
  rows: (x) => sumOf(x, 1),
  tinyColumns: (x) => sumOf(x.mul(1e-30), 0),
  infiniteRows: (x) => sumOf(x.mul(Infinity), 1),
  scaledRows: (x, y) => sumOf(x.mul(sumOf(y, 1)), 1),
  columnsOfDeviations: (x) => sumOf(x.sub(x.mean({ axis: 0, keepDims: true })), 0),
  means: (x) => x.mean({ axis: 0, keepDims: true }),
  variances: (x) => x.variance({ axis: 1, keepDims: true }),
  deviations: (x) => x.sub(x.mean({ axis: 0, keepDims: true })),
  greatest: (x) => x.max({ axis: 1, keepDims: true }),
  softmax: (x) => softmax(x),
  turned: (x) => x.transpose(),
  products: (x, y) => matmul(x.add(y.mul(0)), y.add(x.mul(0)).transpose()),
  slope: (x) => grad((x: Tensor) => x.sub(x.mean({ axis: 0, keepDims: true })).square().sum())(x),
};

interface Step {
  readonly name: string;
  readonly operands: readonly [number, number];
}

/** All values of a program; operands are counted from the end. */
function run(steps: readonly Step[], given: readonly Tensor[]): Tensor[] {
  const values = [...given];
  for (const { name, operands } of steps) {
    const [x, y] = operands.map((back) => values[Math.max(0, values.length - 1 - back)]);
    values.push(operations[name](x, y));
  }
  return values.slice(given.length);
}

const elements = (shape: [number, number]) =>
  fc.array(fc.constantFrom(...numbers), { minLength: shape[0] * shape[1], maxLength: shape[0] * shape[1] })
    .map((values) => tensor(Float32Array.from(values), shape));

// Sums of two numbers do not depend on their order.
const inputs = fc.tuple(elements([2, 2]), elements([2, 1]), elements([1, 2]), elements([2, 2]));

const program = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(operations)),
    operands: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })),
  }),
  { minLength: 2, maxLength: 12 },
);

const read = (results: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(results.map(async (result) => [...await result.data()]));

// Only WebAssembly rounds each operation: limits.md says what drivers of WebGPU do.
Deno.test({
  name: "compiled programs of extreme numbers have the values of their operations one by one",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await setDevice("wasm");
    await fc.assert(
      fc.asyncProperty(program, inputs, async (steps, given) => {
        const expected = await read(run(steps, given));
        assertEquals(await read(jit((...all: Tensor[]) => run(steps, all))(...given)), expected, "all values");
        const last = jit((...all: Tensor[]) => run(steps, all).slice(-1))(...given);
        assertEquals(await read(last), expected.slice(-1), "the last value");
      }),
      { numRuns: 400, seed: 1 },
    );
  },
});
