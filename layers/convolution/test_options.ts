/**
 * Tests of the options of convolutions and poolings, by their definitions.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import type { OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import type { BorderMode, Pair } from "../mod.ts";
import { convolved, type Geometry, type Images, images, pooled, type Windows } from "../../tests/plain_images.ts";
import * as plain from "../test_numbers.ts";

const { input, assertOutput, checkName, checkStart, checkPenalty, sum } = plain;

function biased(x: Images, b: plain.Row): number[][][][] {
  return x.map((filters) => filters.map((image, f) => image.map((row) => row.map((one) => one + b[f]))));
}

function activated(x: Images, name: keyof typeof plain.activations): number[][][][] {
  return x.map((filters) => filters.map((image) => image.map(plain.activations[name])));
}

const x = images(2, 2, 7, 8);
const W = images(4, 2, 3, 2);
const b = plain.row(4, 9);

/** Paddings by their definitions, for filters of 3×2 with the dilations [2, 3], which span 5×4. */
const borders: readonly (readonly [BorderMode | undefined, readonly [Pair, Pair]])[] = [
  [undefined, [[0, 0], [0, 0]]],
  ["valid", [[0, 0], [0, 0]]],
  ["full", [[4, 4], [3, 3]]],
  ["half", [[2, 2], [2, 2]]],
  [1, [[1, 1], [1, 1]]],
  [[2, 1], [[2, 2], [1, 1]]],
  [[[0, 1], [2, 3]], [[0, 1], [2, 3]]],
];

/** A kind of convolutional layer. */
interface ConvolutionKind {
  /** Makes the layer for the geometry. */
  make(geometry: layers.ConvolutionGeometry, filters: Images): layers.Layer;
  params(filters: Images): Readonly<Record<string, plain.Nested>>;
  /** What the layer does with the convolved images. */
  after(convolved: number[][][][]): number[][][][];
  readonly filters: Images;
  /** The groups by which this kind filters. */
  readonly groups?: number;
}

function geometryTests({ make, params, after, filters, groups: own = 1 }: ConvolutionKind) {
  const check = async (given: layers.ConvolutionGeometry, geometry: Geometry, taps: Images = filters) => {
    const layer = make(given, taps);
    const wanted = after(convolved(x, taps, { groups: own, ...geometry }));
    await assertOutput({ layer, params: params(taps), x }, wanted, JSON.stringify(given));
  };
  return {
    borderMode: async () => {
      for (const [borderMode, padding] of borders) {
        const dilations = [2, 3] as const;
        await check({ dilations, ...borderMode !== undefined && { borderMode } }, { dilations, padding });
      }
    },
    subsample: async () => {
      for (const strides of [[2, 1], [1, 3], [1, 1]] as const) await check({ subsample: strides }, { strides });
      await check({}, {});
    },
    dilations: async () => {
      for (const dilations of [[2, 1], [1, 3], [1, 1]] as const) await check({ dilations }, { dilations });
    },
    filterFlip: async () => {
      for (const filterFlip of [true, false]) await check({ filterFlip }, { flip: filterFlip });
    },
    groups: async () => {
      const half = filters.map((filter) => filter.slice(0, 1));
      await check({ groups: 2 }, { groups: 2 }, half);
      await check({ groups: 1 }, {});
    },
  };
}

/** The limit of `glorotUniform`. */
const limit = (inputs: number, outputs: number): number => Math.sqrt(6 / (inputs + outputs));

const open = input(null, 2, null, null);

/** Tests the options about the shapes of filters and images. */
function filterTests(make: (incoming: layers.Layer, options: layers.FilterOptions) => layers.Layer, space: Pair) {
  return {
    filterShape: () => {
      const layer = make(input(null, 2, 7, 8), { filterShape: [5, 2, 3, 2] });
      assertEquals([layer.outputShape, layer.init(key(1)).params.W.shape], [[null, 5, ...space], [5, 2, 3, 2]]);
    },
    imageShape: () => {
      const filterShape = [5, 2, 3, 2] as const;
      assertEquals(make(open, { filterShape, imageShape: [6, 2, 7, 8] }).outputShape, [6, 5, ...space]);
      assertEquals(make(open, { filterShape, imageShape: [null, 2, 7, null] }).outputShape, [null, 5, space[0], null]);
      assertEquals(make(open, { filterShape }).outputShape, [null, 5, null, null]);
      assertThrows(() => make(open, { filterShape, imageShape: [6, 3, 7, 8] }), TypeError, "imageShape [6, 3, 7, 8]");
    },
  };
}

const filterShapeOf = (filters: Images) =>
  [filters.length, filters[0].length, filters[0][0].length, filters[0][0][0].length] as const;
const conv = (options: Partial<layers.ConvOptions> = {}, filters: Images = W) =>
  layers.convLayer(input(null, 2, 7, 8), { filterShape: filterShapeOf(filters), ...options });
const wide = (options: Partial<layers.ConvOptions>) =>
  layers.convLayer(input(null, 10, 7, 8), { filterShape: [12, 10, 3, 2], ...options });

/** Tests of the options of `convLayer`. */
export const convLayer: OptionTests<layers.ConvOptions> = {
  name: () => checkName((name) => conv({ name })),
  ...geometryTests({ make: conv, params: (W) => ({ W }), after: (y) => y, filters: W }),
  ...filterTests(layers.convLayer, [5, 7]),
  W: () =>
    checkStart((W) => wide({ ...W !== undefined && { W } }), {
      name: "W",
      shape: [12, 10, 3, 2],
      byDefault: { bound: limit(60, 72) },
    }),
  b: async () => {
    assertEquals(Object.keys(conv().init(key(1)).params), ["W"]);
    const layer = conv({ b: plain.asTensor(b) });
    assertEquals(await plain.initial(layer, "b"), b.map(Math.fround));
    await assertOutput({ layer, params: { W, b }, x }, biased(convolved(x, W), b));
  },
  activation: async () => {
    for (const activation of ["relu", "tanh", undefined] as const) {
      const layer = conv({ b: "constant", ...activation && { activation } });
      const wanted = activated(biased(convolved(x, W), b), activation ?? "linear");
      await assertOutput({ layer, params: { W, b }, x }, wanted, activation);
    }
  },
  poolScale: async () => {
    for (const [poolScale, outputs] of [[[2, 3], 12], [[1, 1], 72], [undefined, 72]] as const) {
      const layer = wide({ ...poolScale && { poolScale } });
      plain.assertDistribution(await plain.initial(layer, "W"), { bound: limit(60, outputs) });
    }
  },
  l1: () => checkPenalty((penalties) => conv(penalties), W),
  l2: () => checkPenalty((penalties) => conv(penalties), W),
};

/** Tests the geometry of a pooling. */
function poolTests(make: (options: layers.PoolGeometry) => plain.Application, of: (windows: Windows) => plain.Nested) {
  const check = ({ size, ...rest }: Windows): Promise<void> =>
    assertOutput(make({ poolSize: size, ...rest }), of({ size, ...rest }), JSON.stringify({ size, ...rest }));
  return {
    poolSize: async () => {
      for (const size of [[2, 3], [1, 1], [3, 2]] as const) await check({ size });
    },
    stride: async () => {
      for (const stride of [[1, 1], [1, 2], [3, 1]] as const) await check({ size: [2, 3], stride });
    },
    ignoreBorder: async () => {
      for (const ignoreBorder of [true, false]) {
        for (const mode of ["max", "sum", "average_exc_pad"] as const) {
          await check({ size: [2, 3], ignoreBorder, mode });
          await check({ size: [2, 3], stride: [3, 2], pad: [1, 1], ignoreBorder, mode });
        }
      }
    },
    pad: async () => {
      for (const pad of [[0, 0], [1, 0], [1, 1], [0, 1]] as const) {
        for (const mode of ["max", "sum", "average_inc_pad", "average_exc_pad"] as const) {
          await check({ size: [2, 3], stride: [1, 2], pad, mode });
        }
      }
    },
    mode: async () => {
      for (const mode of ["max", "sum", "average_inc_pad", "average_exc_pad"] as const) {
        await check({ size: [2, 3], mode });
        await check({ size: [3, 2], pad: [1, 1], ignoreBorder: false, mode });
        // Windows that begin in the image and extend beyond the padding.
        await check({ size: [4, 4], stride: [2, 3], pad: [2, 2], ignoreBorder: false, mode });
      }
    },
  };
}

/** Tests of the options of `poolLayer`. */
export const poolLayer: OptionTests<layers.PoolOptions> = {
  name: () => checkName((name) => layers.poolLayer(input(null, 2, 7, 8), { poolSize: [2, 2], name })),
  ...poolTests(
    (options) => ({ layer: layers.poolLayer(input(null, 2, 7, 8), options), x }),
    (windows) => pooled(x, windows),
  ),
};

/** Tests of the options of `globalPool`. */
export const globalPool: OptionTests<layers.GlobalPoolOptions> = {
  name: () => checkName((name) => layers.globalPool(input(null, 2, 7, 8), { name })),
  mode: async () => {
    const of = (reduce: (all: plain.Row) => number) => x.map((channels) => channels.map((one) => reduce(one.flat())));
    const modes = { average: plain.mean, max: (all: plain.Row) => Math.max(...all), sum } as const;
    for (const mode of ["average", "max", "sum", undefined] as const) {
      const layer = layers.globalPool(input(null, 2, 7, 8), mode && { mode });
      await assertOutput({ layer, x }, of(modes[mode ?? "average"]), mode);
    }
  },
};

const plainPool = { poolSize: [2, 2], activation: "linear" } as const;
const convPool = (options: Partial<layers.ConvPoolOptions> = {}, filters: Images = W) =>
  layers.convPoolLayer(input(null, 2, 7, 8), { filterShape: filterShapeOf(filters), ...plainPool, ...options });
const wideConvPool = (options: Partial<layers.ConvPoolOptions>) =>
  layers.convPoolLayer(input(null, 10, 7, 8), { filterShape: [12, 10, 3, 2], poolSize: [2, 3], ...options });

/** Tests of the options of `convPoolLayer`: activation(pool(W ∗ x) + b). */
export const convPoolLayer: OptionTests<layers.ConvPoolOptions> = {
  name: () => checkName((name) => convPool({ name })),
  ...geometryTests({
    make: (geometry, filters) => convPool({ ...geometry, poolSize: [1, 2] }, filters),
    params: (W) => ({ W, b }),
    after: (y) => biased(pooled(y, { size: [1, 2] }), b),
    filters: W,
  }),
  ...filterTests((incoming, options) => layers.convPoolLayer(incoming, { ...plainPool, ...options }), [2, 3]),
  ...poolTests(
    (options) => ({ layer: convPool(options), params: { W, b }, x }),
    (windows) => biased(pooled(convolved(x, W), windows), b),
  ),
  W: () =>
    checkStart((W) => wideConvPool({ ...W !== undefined && { W } }), {
      name: "W",
      shape: [12, 10, 3, 2],
      byDefault: { bound: limit(60, 72 / 6) },
    }),
  b: () =>
    checkStart((b) => wideConvPool({ ...b !== undefined && { b } }), {
      name: "b",
      shape: [12],
      byDefault: { value: 0 },
    }),
  activation: async () => {
    for (const activation of ["relu", "linear", undefined] as const) {
      const layer = layers.convPoolLayer(input(null, 2, 7, 8), {
        filterShape: [4, 2, 3, 2],
        poolSize: [2, 2],
        ...activation && { activation },
      });
      const wanted = activated(biased(pooled(convolved(x, W), { size: [2, 2] }), b), activation ?? "tanh");
      await assertOutput({ layer, params: { W, b }, x }, wanted, activation);
    }
  },
  l1: () => checkPenalty((penalties) => convPool(penalties), W),
  l2: () => checkPenalty((penalties) => convPool(penalties), W),
};

const W_depth = images(4, 1, 3, 2);
const W_point = images(3, 4, 1, 1);
const separable = (options: Partial<layers.SeparableConvOptions> = {}) =>
  layers.separableConvLayer(input(null, 2, 7, 8), { nFilters: 3, filterSize: [3, 2], depthMultiplier: 2, ...options });
const { groups: _groups, ...separableGeometry } = geometryTests({
  make: (geometry) => separable(geometry),
  params: (W_depth) => ({ W_depth, W_point, b: [0, 0, 0] }),
  after: (y) => convolved(y, W_point),
  filters: W_depth,
  groups: 2,
});

/** Tests of the options of `separableConvLayer`. */
export const separableConvLayer: OptionTests<layers.SeparableConvOptions> = {
  name: () => checkName((name) => separable({ name })),
  ...separableGeometry,
  nFilters: () => {
    const layer = separable({ nFilters: 5 });
    assertEquals([layer.outputShape, layer.init(key(1)).params.W_point.shape], [[null, 5, 5, 7], [5, 4, 1, 1]]);
  },
  filterSize: () => {
    const layer = separable({ filterSize: [2, 4] });
    assertEquals([layer.outputShape, layer.init(key(1)).params.W_depth.shape], [[null, 3, 6, 5], [4, 1, 2, 4]]);
  },
  depthMultiplier: async () => {
    for (const [depthMultiplier, channels] of [[1, 2], [3, 6], [undefined, 2]] as const) {
      const layer = layers.separableConvLayer(input(null, 2, 7, 8), {
        ...{ nFilters: 3, filterSize: [3, 2] },
        ...depthMultiplier && { depthMultiplier },
      });
      const [W_depth, W_point] = [images(channels, 1, 3, 2), images(3, channels, 1, 1)];
      const wanted = convolved(convolved(x, W_depth, { groups: 2 }), W_point);
      await assertOutput({ layer, params: { W_depth, W_point, b: [0, 0, 0] }, x }, wanted);
    }
  },
  W: async () => {
    // Of a filter's inputs, [1, 6, 5] and [10, 1, 1]; of a channel's outputs, 4 · 30 and 30.
    const make = (W?: layers.InitObject) =>
      layers.separableConvLayer(input(null, 10, 9, 9), {
        ...{ nFilters: 30, filterSize: [6, 5], depthMultiplier: 4 },
        ...W !== undefined && { W },
      });
    const starts = { W_depth: limit(30, 120), W_point: limit(40, 30) };
    for (const [name, bound] of Object.entries(starts)) {
      plain.assertDistribution(await plain.initial(make(), name), { bound }, name);
      plain.assertDistribution(await plain.initial(make(["constant", { value: 3 }]), name), { value: 3 }, name);
    }
  },
  b: async () => {
    await checkStart((b) => separable({ ...b !== undefined && { b } }), {
      name: "b",
      shape: [3],
      byDefault: { value: 0 },
    });
    const wanted = biased(convolved(convolved(x, W_depth, { groups: 2 }), W_point), [1, 2, 3]);
    await assertOutput({ layer: separable(), params: { W_depth, W_point, b: [1, 2, 3] }, x }, wanted);
  },
  activation: async () => {
    for (const activation of ["relu", "tanh", undefined] as const) {
      const layer = separable({ ...activation && { activation } });
      const linear = convolved(convolved(x, W_depth, { groups: 2 }), W_point);
      const wanted = activated(linear, activation ?? "linear");
      await assertOutput({ layer, params: { W_depth, W_point, b: [0, 0, 0] }, x }, wanted, activation);
    }
  },
};
