/**
 * Tests each option of initializers, activations and learning rate schedules against what its definition says.
 */

import { assert, assertEquals } from "@std/assert";
import { key, splitKeys } from "../core/random/bits.ts";
import { tensor } from "../core/mod.ts";
import * as layers from "../layers/mod.ts";
import * as declared from "../layers/initialization/initializer_options.ts";
import { eluOptions, reluOptions } from "../core/functions/activation_options.ts";
import * as plain from "../layers/test_numbers.ts";
import * as optim from "../optim/mod.ts";
import { assertElements, type OptionTests, testOptions } from "./option_definitions.ts";

type Name = layers.InitializerName;

/** The options that an initializer takes. */
type OptionsOf<N extends Name> = NonNullable<Parameters<typeof layers[N]>[2]>;

const SHAPE = [60, 50];

/** Draws by the function, and by a layer that is told the initializer. */
async function drawn<N extends Name>(name: N, options: OptionsOf<N>, shape = SHAPE): Promise<number[]> {
  const initialize: layers.Initializer = layers[name];
  const numbers = [...await initialize(key(1), shape, options).data()].map(Number);
  const layer = layers.denseLayer(layers.inputLayer({ shape: [null, 7] }), { nUnits: 5, W: [name, options] });
  const kind = layers.layerFromConfiguration(layer, layer.incoming);
  const small = await initialize(layerKey(layer), [7, 5], options).data();
  assertEquals(await layer.init(key(1)).params.W.data(), small, name);
  assertEquals(await kind.init(key(1)).params.W.data(), small, name);
  return numbers;
}

/** The key with which a layer of W and b draws W. */
function layerKey(layer: layers.Layer) {
  return splitKeys(key(1), Object.keys(layer.init(key(1)).params).length)[0];
}

async function check<N extends Name>(name: N, options: OptionsOf<N>, start: plain.Start, shape = SHAPE): Promise<void> {
  plain.assertDistribution(await drawn(name, options, shape), start, `${name} ${JSON.stringify(options)}`);
}

/** The number that an activation's gain stands for. */
const gains = [[undefined, 1], [3, 3], [0.5, 0.5], ["linear", 1], ["tanh", 1], ["sigmoid", 4], [
  "relu",
  Math.SQRT2,
]] as const;

/** Tests of `fan`: the deviation, or the bound, is a function of inputs and outputs. */
function fanTests<N extends "glorotUniform" | "glorotNormal" | "heUniform" | "heNormal" | "seluNormal">(
  name: N,
  start: (inputs: number, outputs: number) => plain.Start,
): { fan: () => Promise<void> } {
  return {
    fan: async () => {
      await check(name, {} as OptionsOf<N>, start(60, 50));
      for (const fan of [[7, 9], [300, 2]] as const) await check(name, { fan } as OptionsOf<N>, start(fan[0], fan[1]));
      // Of filters, [filters, channels, height, width].
      await check(name, {} as OptionsOf<N>, start(10 * 6, 20 * 6), [20, 10, 3, 2]);
    },
  };
}

function gainTests<N extends "glorotUniform" | "glorotNormal">(
  name: N,
  start: (gain: number) => plain.Start,
): { gain: () => Promise<void> } {
  return {
    gain: async () => {
      for (const [gain, factor] of gains) await check(name, gain === undefined ? {} : { gain }, start(factor));
    },
  };
}

const tests: { readonly [N in Name]: OptionTests<OptionsOf<N>> } = {
  constant: {
    value: async () => {
      for (const value of [-2.5, 0, 7]) await check("constant", { value }, { value });
      await check("constant", {}, { value: 0 });
    },
  },
  uniform: {
    scale: async () => {
      for (const bound of [0.25, 3]) await check("uniform", { scale: bound }, { bound });
      await check("uniform", { scale: [2, 5] }, { low: 2, bound: 5 });
      await check("uniform", { scale: [-1, 0] }, { low: -1, bound: 0 });
      await check("uniform", {}, { bound: 0.5 });
    },
  },
  normal: {
    scale: async () => {
      for (const deviation of [0.25, 3]) await check("normal", { scale: deviation }, { deviation });
      await check("normal", {}, { deviation: 0.5 });
    },
  },
  glorotUniform: {
    ...gainTests("glorotUniform", (gain) => ({ bound: gain * Math.sqrt(6 / 110) })),
    ...fanTests("glorotUniform", (inputs, outputs) => ({ bound: Math.sqrt(6 / (inputs + outputs)) })),
  },
  glorotNormal: {
    ...gainTests("glorotNormal", (gain) => ({ deviation: gain * Math.sqrt(2 / 110) })),
    ...fanTests("glorotNormal", (inputs, outputs) => ({ deviation: Math.sqrt(2 / (inputs + outputs)) })),
  },
  heUniform: fanTests("heUniform", (inputs) => ({ bound: Math.sqrt(6 / inputs) })),
  heNormal: fanTests("heNormal", (inputs) => ({ deviation: Math.sqrt(2 / inputs) })),
  seluNormal: fanTests("seluNormal", (inputs) => ({ deviation: Math.sqrt(1 / inputs) })),
  orthogonal: {
    gain: async () => {
      for (const [gain, factor] of gains) {
        const options = gain === undefined ? {} : { gain };
        for (const shape of [[6, 4], [3, 5]]) {
          const [rows, columns] = shape;
          const all = await drawn("orthogonal", options, shape);
          const matrix = plain.nest<number[][]>(shape, (i) => all[i]);
          const short = rows < columns ? matrix : plain.transposed(matrix);
          const product = plain.affine(short, plain.transposed(short));
          const wanted = product.map((row, i) => row.map((_, j) => i === j ? factor ** 2 : 0));
          wanted.flat().forEach((one, i) =>
            assert(Math.abs(product.flat()[i] - one) < 1e-4 * factor ** 2, `${product}`)
          );
        }
      }
    },
  },
};

testOptions("constant", declared.constantOptions, tests.constant);
testOptions("uniform", null, tests.uniform);
testOptions("normal", null, tests.normal);
testOptions("glorotUniform", declared.glorotOptions, tests.glorotUniform);
testOptions("glorotNormal", declared.glorotOptions, tests.glorotNormal);
testOptions("heUniform", declared.fanOptions, tests.heUniform);
testOptions("heNormal", declared.fanOptions, tests.heNormal);
testOptions("seluNormal", declared.fanOptions, tests.seluNormal);
testOptions("orthogonal", declared.orthogonalOptions, tests.orthogonal);

Deno.test("the options of all initializers are those of the single ones", () => {
  const names = Object.values(tests).flatMap((one) => Object.keys(one));
  assertEquals([...new Set(names)].sort(), Object.keys(declared.initializerOptions).sort());
});

const x = [[-2, -0.5, 1], [0, 3, -1]];

/** Tests an activation: given a number, a tensor of slopes for each column, and by default. */
function alphaTests(
  activation: "relu" | "elu",
  byDefault: number,
  formula: (x: number, alpha: number) => number,
): OptionTests<layers.ActivationOptions> {
  return {
    alpha: async () => {
      for (const alpha of [undefined, 0, 0.25, -1, [0.5, 2, -3]]) {
        const options = alpha === undefined ? {} : { alpha: typeof alpha === "number" ? alpha : tensor(alpha) };
        const wanted = x.flatMap((row) =>
          row.map((one, j) => formula(one, typeof alpha === "object" ? alpha[j] : alpha ?? byDefault))
        );
        const layer = layers.activationLayer(layers.inputLayer({ shape: [null, 3] }), {
          activation: [activation, options],
        });
        const results = {
          "the function": layers[activation](tensor(x), options),
          "getActivation": layers.getActivation([activation, options])(tensor(x)),
          "a layer": layer.apply({}, tensor(x), { train: false, state: {} }).output,
        };
        for (const [way, result] of Object.entries(results)) await assertElements(result, wanted, `${way}, ${alpha}`);
      }
    },
  };
}

testOptions("relu", reluOptions, alphaTests("relu", 0, (x, alpha) => x > 0 ? x : alpha * x));
testOptions("elu", eluOptions, alphaTests("elu", 1, (x, alpha) => x > 0 ? x : alpha * (Math.exp(x) - 1)));

/** Checks a schedule at many steps. */
async function checkSchedule(
  schedule: (step: ReturnType<typeof tensor>) => ReturnType<typeof tensor>,
  wanted: (step: number) => number,
) {
  for (const step of [0, 1, 2, 3, 4, 7, 8, 9, 20, 100]) {
    const rate = Number(await schedule(tensor(step, [], { dtype: "i32" })).item());
    assert(
      Math.abs(rate - wanted(step)) <= 2e-6 * wanted(0) + 1e-8,
      `step ${step}: ${rate} instead of ${wanted(step)}`,
    );
  }
}

/** Tests a decay by its formula. */
function decayTests(
  make: (options: optim.DecayOptions) => ReturnType<typeof optim.stepDecay>,
  formula: (options: optim.DecayOptions, step: number) => number,
): OptionTests<optim.DecayOptions> {
  const check = (changed: Partial<optim.DecayOptions>): Promise<void> => {
    const options = { learningRate: 1, factor: 0.5, every: 4, ...changed };
    return checkSchedule(make(options), (step) => formula(options, step));
  };
  return {
    learningRate: async () => {
      for (const learningRate of [0.3, 2, 0]) await check({ learningRate });
    },
    factor: async () => {
      for (const factor of [0.9, 0.1, 1]) await check({ factor });
    },
    every: async () => {
      for (const every of [1, 3, 10]) await check({ every });
    },
  };
}

testOptions(
  "stepDecay",
  null,
  decayTests(
    optim.stepDecay,
    ({ learningRate, factor, every }, step) => learningRate * factor ** Math.floor(step / every),
  ),
);
testOptions(
  "exponentialDecay",
  null,
  decayTests(
    optim.exponentialDecay,
    ({ learningRate, factor, every }, step) => learningRate * factor ** (step / every),
  ),
);

const checkCosine = (changed: Partial<optim.CosineOptions>): Promise<void> => {
  const options = { learningRate: 1, steps: 8, ...changed };
  const { learningRate, steps, last = 0 } = options;
  return checkSchedule(
    optim.cosineDecay(options),
    (step) => last + (learningRate - last) * (1 + Math.cos(Math.PI * Math.min(step, steps) / steps)) / 2,
  );
};

testOptions<optim.CosineOptions>("cosineDecay", null, {
  learningRate: async () => {
    for (const learningRate of [0.3, 2]) await checkCosine({ learningRate });
  },
  steps: async () => {
    for (const steps of [1, 3, 50]) await checkCosine({ steps });
  },
  last: async () => {
    for (const last of [0.25, 1]) await checkCosine({ last });
    await checkCosine({});
  },
});

Deno.test("constantRate and warmUp compute their formulas", async () => {
  await checkSchedule(optim.constantRate(0.25), () => 0.25);
  for (const steps of [1, 4, 30]) {
    await checkSchedule(optim.warmUp(0.5, steps), (step) => 0.5 * Math.min(1, (step + 1) / steps));
    const decay = optim.stepDecay({ learningRate: 1, factor: 0.5, every: 4 });
    await checkSchedule(
      optim.warmUp(decay, steps),
      (step) => 0.5 ** Math.floor(step / 4) * Math.min(1, (step + 1) / steps),
    );
  }
});
