/**
 * Tests each option of the functions of the core against what its definition says.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import * as core from "../core/mod.ts";
import type { Tensor } from "../core/mod.ts";
import type { UniformOptions } from "../core/random/distributions.ts";
import * as plain from "../layers/test_numbers.ts";
import { assertElements, type OptionTests, testOptions } from "./option_definitions.ts";
import { convolved, images, pooled, type Windows } from "./plain_images.ts";

type Axis = core.ReductionOptions["axis"];

const SHAPE = [3, 2, 4];
const x = plain.matrices(3, 2, 4);
const elements = plain.flat(x);

/** The elements that are combined, in the order of the results, for the given axes counted from 0. */
function groups(axes: readonly number[]): number[][] {
  const found = new Map<string, number[]>();
  elements.forEach((one, i) => {
    const index = [Math.floor(i / 8), Math.floor(i / 4) % 2, i % 4].filter((_, axis) => !axes.includes(axis));
    found.set(String(index), [...found.get(String(index)) ?? [], one]);
  });
  return [...found.values()];
}

/** Axes as they are given, and counted from 0. */
const axesOf: readonly (readonly [Axis, readonly number[]])[] = [
  [undefined, [0, 1, 2]],
  [0, [0]],
  [1, [1]],
  [-1, [2]],
  [[0, 2], [0, 2]],
  [[-1, -2], [1, 2]],
  [[], []],
];

/** Tests a reduction, whose other options are those of `more`. */
function reductionTests(
  run: (options: core.ReductionOptions) => Tensor,
  reduce: (group: plain.Row) => number,
): OptionTests<core.ReductionOptions> {
  const check = async (keepDims: boolean | undefined): Promise<void> => {
    for (const [axis, axes] of axesOf) {
      const result = run({ ...axis !== undefined && { axis }, ...keepDims !== undefined && { keepDims } });
      const kept = SHAPE.map((extent, i) => axes.includes(i) ? 1 : extent);
      assertEquals([...result.shape], keepDims ? kept : SHAPE.filter((_, i) => !axes.includes(i)), `${axis}`);
      await assertElements(result, groups(axes).map(reduce), `axis ${axis}`);
    }
  };
  return {
    axis: () => check(undefined),
    keepDims: async () => {
      for (const keepDims of [true, false]) await check(keepDims);
    },
  };
}

const given = () => core.tensor(x);
const reductions = {
  sum: plain.sum,
  prod: (group: plain.Row) => group.reduce((product, one) => product * one, 1),
  max: (group: plain.Row) => Math.max(...group),
  min: (group: plain.Row) => Math.min(...group),
  mean: plain.mean,
  argmax: (group: plain.Row) => group.indexOf(Math.max(...group)),
  argmin: (group: plain.Row) => group.indexOf(Math.min(...group)),
} as const;

for (const [name, reduce] of Object.entries(reductions)) {
  const method = name as keyof typeof reductions;
  testOptions<core.ReductionOptions>(name, null, reductionTests((options) => given()[method](options), reduce));
}
testOptions<core.ReductionOptions>(
  "logSumExp",
  null,
  reductionTests(
    (options) => core.logSumExp(given(), options),
    (group) => Math.log(plain.sum(group.map(Math.exp))),
  ),
);
testOptions<core.VarianceOptions>("variance", null, {
  ...reductionTests((options) => given().variance(options), plain.variance),
  correction: async () => {
    for (const correction of [0, 1, 0.5]) {
      const n = groups([0, 2])[0].length;
      const wanted = groups([0, 2]).map((group) => plain.variance(group) * n / (n - correction));
      await assertElements(given().variance({ axis: [0, 2], correction }), wanted);
    }
  },
});

const image = images(2, 2, 7, 8);
const filters = images(4, 2, 3, 2);

async function checkConvolution(
  options: core.ConvolutionOptions | undefined,
  geometry: Parameters<typeof convolved>[2],
  w = filters,
): Promise<void> {
  const wanted = convolved(image, w, { flip: false, ...geometry });
  const result = core.conv2d(core.tensor(image), core.tensor(w), options);
  assertEquals([...result.shape], [2, 4, wanted[0][0].length, wanted[0][0][0].length], JSON.stringify(options));
  await assertElements(result, plain.flat(wanted), JSON.stringify(options));
}

testOptions<core.ConvolutionOptions>("conv2d", null, {
  strides: async () => {
    await checkConvolution(undefined, {});
    for (const strides of [[1, 1], [2, 1], [1, 3]] as const) await checkConvolution({ strides }, { strides });
  },
  padding: async () => {
    await checkConvolution({ padding: "valid" }, {});
    // Filters of 3×2, then of 5×4 with dilations; "same" keeps 7×8, or 4×3 for the strides 2 and 3.
    await checkConvolution({ padding: "full" }, { padding: [[2, 2], [1, 1]] });
    await checkConvolution({ padding: "same" }, { padding: [[1, 1], [0, 1]] });
    const dilations = [2, 3] as const;
    await checkConvolution({ padding: "full", dilations }, { padding: [[4, 4], [3, 3]], dilations });
    await checkConvolution({ padding: "same", dilations }, { padding: [[2, 2], [1, 2]], dilations });
    const strides = [2, 3] as const;
    await checkConvolution({ padding: "same", strides }, { padding: [[1, 1], [0, 0]], strides });
    await checkConvolution({ padding: [[0, 1], [2, 3]] }, { padding: [[0, 1], [2, 3]] });
  },
  dilations: async () => {
    for (const dilations of [[1, 1], [2, 1], [1, 3]] as const) await checkConvolution({ dilations }, { dilations });
  },
  groups: async () => {
    await checkConvolution({ groups: 1 }, {});
    await checkConvolution({ groups: 2 }, { groups: 2 }, images(4, 1, 3, 2));
  },
});

/** Checks a pooling with the same padding on both sides. */
async function checkPooling(
  run: (x: Tensor, options: core.PoolingOptions) => Tensor,
  options: core.PoolingOptions,
  windows: Windows,
): Promise<void> {
  const wanted = pooled(image, windows);
  const result = run(core.tensor(image), options);
  assertEquals([...result.shape], [2, 2, wanted[0][0].length, wanted[0][0][0].length], JSON.stringify(options));
  await assertElements(result, plain.flat(wanted), JSON.stringify(options));
}

function poolingTests(
  run: (x: Tensor, options: core.PoolingOptions) => Tensor,
  { counted, uncounted }: Readonly<Record<"counted" | "uncounted", NonNullable<Windows["mode"]>>>,
): OptionTests<core.PoolingOptions> {
  const window = [3, 2] as const;
  const base = { size: window, mode: counted } as const;
  return {
    window: async () => {
      for (const window of [[1, 1], [2, 3], [7, 8]] as const) {
        await checkPooling(run, { window }, { size: window, mode: counted });
      }
    },
    strides: async () => {
      for (const stride of [[1, 1], [2, 1], [1, 3]] as const) {
        await checkPooling(run, { window, strides: stride }, { ...base, stride });
      }
      await checkPooling(run, { window }, { ...base, stride: window });
    },
    padding: async () => {
      await checkPooling(run, { window, padding: "valid" }, base);
      await checkPooling(run, { window, padding: "full" }, { ...base, pad: [2, 1] });
      await checkPooling(run, { window: [3, 3], strides: [1, 1], padding: "same" }, {
        ...{ size: [3, 3], stride: [1, 1], mode: counted },
        pad: [1, 1],
      });
      await checkPooling(run, { window, padding: [[1, 1], [0, 0]] }, { ...base, pad: [1, 0] });
    },
    ceilMode: async () => {
      for (const ceilMode of [true, false]) {
        await checkPooling(run, { window, ceilMode }, { ...base, ignoreBorder: !ceilMode });
        const [stride, pad] = [[2, 3], [1, 1]] as const;
        const padding = [[1, 1], [1, 1]] as const;
        const windows = { ...base, stride, pad, ignoreBorder: !ceilMode };
        await checkPooling(run, { window, strides: stride, padding, ceilMode }, windows);
      }
    },
    countIncludePad: async () => {
      for (const countIncludePad of [true, false]) {
        const mode = countIncludePad ? counted : uncounted;
        for (const ceilMode of [true, false]) {
          const options = { window, padding: [[1, 1], [1, 1]], countIncludePad, ceilMode } as const;
          await checkPooling(run, options, { size: window, mode, pad: [1, 1], ignoreBorder: !ceilMode });
          // Windows that begin in the image and extend beyond the padding, which counts up to its end only.
          const wide = {
            window: [4, 4],
            strides: [2, 3],
            padding: [[2, 2], [2, 2]],
            countIncludePad,
            ceilMode,
          } as const;
          await checkPooling(run, wide, {
            ...{ size: [4, 4], stride: [2, 3], pad: [2, 2] },
            ...{ mode, ignoreBorder: !ceilMode },
          });
        }
      }
    },
  };
}

testOptions<core.PoolingOptions>(
  "maxPool2d",
  null,
  poolingTests(core.maxPool2d, { counted: "max", uncounted: "max" }),
);
testOptions<core.PoolingOptions>(
  "averagePool2d",
  null,
  poolingTests(core.averagePool2d, { counted: "average_inc_pad", uncounted: "average_exc_pad" }),
);

/** Functions that make tensors, with the numbers that they make. */
const creations: Readonly<Record<string, readonly [(options?: core.CreationOptions) => Tensor, readonly number[]]>> = {
  tensor: [(options) => core.tensor([0, 1.75, 3], undefined, options), [0, 1.75, 3]],
  full: [(options) => core.full([2], 2.5, options), [2.5, 2.5]],
  zeros: [(options) => core.zeros([2], options), [0, 0]],
  ones: [(options) => core.ones([2], options), [1, 1]],
  arange: [(options) => core.arange(1, 4, 1, options), [1, 2, 3]],
  eye: [(options) => core.eye(2, 3, options), [1, 0, 0, 0, 1, 0]],
};

/** A number as an element of a type. */
const rounded: Readonly<Record<string, (value: number) => number>> = {
  f32: Math.fround,
  i32: Math.trunc,
  u32: Math.trunc,
  bool: (value) => Number(value !== 0),
};

for (const [name, [make, values]] of Object.entries(creations)) {
  testOptions<core.CreationOptions>(name, null, {
    dtype: async () => {
      for (const dtype of ["f32", "i32", "u32", "bool", undefined] as const) {
        const made = make(dtype && { dtype });
        assertEquals(made.dtype, dtype ?? "f32");
        await assertElements(made, values.map(rounded[dtype ?? "f32"]), `${name} of ${dtype}`);
      }
    },
  });
}

Deno.test("a tensor without an element type has that of its values", () => {
  const types = [[true], Int32Array.of(1), Uint32Array.of(1), [1]].map((values) => core.tensor(values).dtype);
  assertEquals(types, ["bool", "i32", "u32", "f32"]);
});

/** Checks the bounds of uniform numbers; those of 0 … 1 are scaled. */
async function checkUniform(options: UniformOptions | undefined, low: number, high: number): Promise<void> {
  const draw = (options?: UniformOptions) => core.random.uniform(core.random.key(1), [500], options).data();
  const [scaled, unit] = [await draw(options), await draw()];
  await assertElements(core.tensor(scaled), [...unit].map((one) => low + Number(one) * (high - low)));
  plain.assertDistribution([...scaled].map(Number), { low, bound: high });
}

testOptions<UniformOptions>("random.uniform", null, {
  low: async () => {
    for (const low of [-1, 0, 0.5]) await checkUniform({ low }, low, 1);
    await checkUniform({ low: 2, high: 3 }, 2, 3);
  },
  high: async () => {
    for (const high of [1, 3, 0.25]) await checkUniform({ high }, 0, high);
    await checkUniform(undefined, 0, 1);
  },
});

testOptions<core.ScatterOptions>("scatterAdd", null, {
  axis: async () => {
    const base = plain.matrix(3, 3);
    const updates = plain.matrix(3, 3, 2);
    const indices = [2, 0, 2];
    for (const axis of [0, 1, -1, -2, undefined]) {
      const wanted = base.map((row) => [...row]);
      updates.forEach((row, i) =>
        row.forEach((one, j) => {
          if (axis === 1 || axis === -1) wanted[i][indices[j]] += one;
          else wanted[indices[i]][j] += one;
        })
      );
      const [x, at, added] = [core.tensor(base), core.tensor(Int32Array.from(indices)), core.tensor(updates)];
      await assertElements(core.scatterAdd(x, at, added, axis === undefined ? {} : { axis }), wanted.flat());
    }
  },
});

/** total ← total / 2 + x, with all totals. */
const running = (total: Tensor, x: Tensor): [Tensor, Tensor] => {
  const next = total.mul(0.5).add(x);
  return [next, next];
};

testOptions<core.ScanOptions>("scan", null, {
  reverse: async () => {
    const xs = plain.row(6);
    for (const reverse of [true, false, undefined]) {
      let total = 1;
      const totals = (reverse ? xs.toReversed() : xs).map((one) => total = total / 2 + one);
      const options = reverse === undefined ? {} : { reverse };
      const [last, all] = core.scan(running, core.tensor(1), core.tensor(xs), options);
      await assertElements(last, [total]);
      await assertElements(all, reverse ? totals.reverse() : totals);
    }
  },
  length: async () => {
    for (const length of [0, 1, 5]) {
      const [last, all] = core.scan(
        (x: Tensor): [Tensor, Tensor] => [x.mul(2), x],
        core.tensor(3),
        null,
        { length },
      );
      await assertElements(last, [3 * 2 ** length]);
      await assertElements(all, Array.from({ length }, (_, i) => 3 * 2 ** i));
    }
    const [last] = core.scan(running, core.tensor(1), core.tensor([1, 1]), { length: 2 });
    await assertElements(last, [1.75]);
    assertThrows(() => core.scan(running, core.tensor(1), core.tensor([1, 1]), { length: 3 }), TypeError, "length");
  },
});

/** Whether a tensor can still be used. */
function isUsable(x: Tensor): boolean {
  try {
    x.add(1);
    return true;
  } catch {
    return false;
  }
}

testOptions<core.JitOptions>("jit", null, {
  donate: async () => {
    for (const donate of [[0], [1], [0, 1], [], undefined]) {
      const add = core.jit((a: Tensor, b: Tensor) => a.add(b), donate ? { donate } : {});
      const [a, b] = [core.tensor([1, 2]).add(0), core.tensor([3, 4]).add(0)];
      await assertElements(add(a, b), [4, 6]);
      assertEquals([isUsable(a), isUsable(b)], [!donate?.includes(0), !donate?.includes(1)]);
    }
  },
  name: () => {
    for (const [options, name] of [[{ name: "mine" }, "mine"], [{}, "double"]] as const) {
      const double = core.jit(function double(x: Tensor): Tensor {
        return x.mul(2);
      }, options);
      double(core.tensor([1]));
      assertEquals(core.explain(double).split(" ")[0], name);
    }
  },
  versions: () => {
    // Forms are called in the order 1, 2, 3, 1: with three versions nothing is compiled again.
    for (const [versions, wanted] of [[1, 4], [2, 4], [3, 3], [undefined, 3]]) {
      let traces = 0;
      const double = core.jit((x: Tensor) => {
        traces++;
        return x.mul(2);
      }, versions ? { versions } : {});
      for (const extent of [1, 2, 3, 1]) double(core.ones([extent]));
      assertEquals(traces, wanted, `${versions} versions`);
    }
  },
});

testOptions<core.ExplainOptions>("explain", null, {
  stage: () => {
    const double = core.jit((x: Tensor) => x.mul(2), { name: "double" });
    double(core.ones([8]));
    const signs: Readonly<Record<NonNullable<core.ExplainOptions["stage"]>, RegExp>> = {
      plan: /^kernel +loops +operations +bytes$[^]*1 dispatches/m,
      graph: /^%0 = parameter\(\).*f32\[8\][^]*return %\d+/m,
      nests: /^ ?for i0 < 8:$/m,
      source: /^nest mul: .* bytes$/m,
    };
    const texts = Object.keys(signs).map((stage) =>
      core.explain(double, { stage: stage as NonNullable<core.ExplainOptions["stage"]> })
    );
    Object.values(signs).forEach((sign, i) => assert(sign.test(texts[i]), texts[i]));
    assertEquals(new Set(texts).size, 4);
    assertEquals(core.explain(double), texts[0]);
  },
  profile: async () => {
    const double = core.jit((x: Tensor) => x.mul(2), { name: "double" });
    double(core.ones([8]));
    assert(/^kernel +kind.* GFLOP\/s/m.test(await core.explain(double, { profile: true })));
    assertEquals(core.explain(double, { profile: false }), core.explain(double));
  },
});

testOptions<core.ProfileOptions>("profile", null, {
  rounds: async () => {
    const double = core.jit((x: Tensor) => x.mul(2), { name: "double" });
    for (const [options, rounds] of [[{ rounds: 3 }, 3], [{}, 10]] as const) {
      assertEquals((await core.profile(double, options, core.ones([8]))).rounds, rounds);
    }
  },
});
