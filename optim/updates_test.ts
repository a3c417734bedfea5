import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import { currentBackend, deviceStatistics } from "../core/device.ts";
import { jit } from "../core/jit.ts";
import { freeKept } from "../core/programs/kept_programs.ts";
import type { Tensor } from "../core/tensor.ts";
import { grad } from "../core/gradients.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { adam } from "./adam.ts";
import { chain } from "./chain.ts";
import { schedule } from "./chain_settings.ts";
import { clipByGlobalNorm, clipByValue, globalNorm } from "./clipping.ts";
import { weightDecay } from "./parameter_transforms.ts";
import { type AllUpdateOptions, getUpdate } from "./registry.ts";
import { constantRate, cosineDecay, exponentialDecay, stepDecay, warmUp } from "./schedules.ts";
import type { Schedule, UpdateRule, UpdateState } from "./update_rule.ts";
import { momentum, sgd } from "./updates.ts";

type Slots = Record<string, number>;

/** Each rule in double precision: the change of one number at step t, from its gradient and its state. */
const formulas: Record<string, (g: number, s: Slots, p: number, t: number) => number> = {
  sgd: (g, _s, p) => p - 0.1 * g,
  momentum: (g, s, p) => p + (s.v = 0.9 * s.v - 0.1 * g),
  nesterovMomentum: (g, s, p) => p + 0.9 * (s.v = 0.9 * s.v - 0.1 * g) - 0.1 * g,
  adagrad: (g, s, p) => p - 0.1 * g / Math.sqrt((s.v += g * g) + 1e-6),
  rmsprop: (g, s, p) => p - 0.01 * g / Math.sqrt((s.v = 0.9 * s.v + 0.1 * g * g) + 1e-6),
  adadelta: (g, s, p) => {
    s.v = 0.95 * s.v + 0.05 * g * g;
    const change = g * Math.sqrt(s.m + 1e-6) / Math.sqrt(s.v + 1e-6);
    s.m = 0.95 * s.m + 0.05 * change * change;
    return p - 0.1 * change;
  },
  adam: (g, s, p, t) => {
    [s.m, s.v] = [0.9 * s.m + 0.1 * g, 0.999 * s.v + 0.001 * g * g];
    return p - 0.001 * Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t) * s.m / (Math.sqrt(s.v) + 1e-6);
  },
  adamax: (g, s, p, t) => {
    [s.m, s.v] = [0.9 * s.m + 0.1 * g, Math.max(0.999 * s.v, Math.abs(g))];
    return p - 0.001 / (1 - 0.9 ** t) * s.m / (s.v + 1e-6);
  },
  nadam: (g, s, p, t) => {
    [s.m, s.v] = [0.9 * s.m + 0.1 * g, 0.999 * s.v + 0.001 * g * g];
    const m = 0.9 * s.m / (1 - 0.9 ** (t + 1)) + 0.1 * g / (1 - 0.9 ** t);
    return p - 0.001 * m / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-6);
  },
  adamw: (g, s, p, t) => {
    [s.m, s.v] = [0.9 * s.m + 0.1 * g, 0.999 * s.v + 0.001 * g * g];
    return p * (1 - 0.001 * 0.01) - 0.001 * (s.m / (1 - 0.9 ** t)) / (Math.sqrt(s.v / (1 - 0.999 ** t)) + 1e-8);
  },
};

/** Gradients of −3 … 3, one of them 0, that change from step to step. */
const gradientAt = (step: number) => [0.3, -2, 0, 1e-4, 3].map((g, i) => g * Math.cos(step + i));
const start = [1, -0.5, 0.25, 2, 0];

async function run(rule: UpdateRule, steps: number): Promise<Tensor> {
  let params = { W: tensor(start) };
  let state: UpdateState = rule.init(params);
  const step = jit((g: { W: Tensor }, s: UpdateState, p: { W: Tensor }) => rule.update(g, s, p));
  for (let i = 0; i < steps; i++) ({ params, state } = step({ W: tensor(gradientAt(i)) }, state, params));
  assertEquals(await state.step.item(), steps);
  return params.W;
}

for (const name of Object.keys(formulas)) {
  testOnEveryDevice(`Ten steps of ${name} agree with its formula in double precision`, async () => {
    const result = await (await run(getUpdate(name)(), 10)).data();
    start.forEach((p, i) => {
      const slots: Slots = { m: 0, v: 0 };
      let expected = p;
      for (let step = 0; step < 10; step++) expected = formulas[name](gradientAt(step)[i], slots, expected, step + 1);
      // The change itself must be right, not only its sum with a large parameter.
      const error = Math.abs(result[i] - expected);
      assert(
        error <= 1e-5 * Math.abs(expected - p) + 3e-7 * Math.abs(p),
        `${name} ${i}: ${result[i]}, not ${expected}`,
      );
    });
  });
}

testOnEveryDevice("A schedule is followed inside the compiled step", async () => {
  const rule = sgd({ learningRate: stepDecay({ learningRate: 1, factor: 0.5, every: 3 }) });
  const step = jit((s: UpdateState, p: Tensor) => rule.update(p.onesLike(), s, p));
  let params = tensor([0]);
  let state = rule.init(params);
  for (let i = 0; i < 7; i++) ({ params, state } = step(state, params));
  assertEquals(await params.item(), -(3 + 1.5 + 0.25));
});

testOnEveryDevice(
  "Steps that differ only in the learning rate, or in a schedule's numbers, have one program",
  async () => {
    freeKept(currentBackend());
    const before = deviceStatistics();
    const rates = [0.001, 0.1, 1];
    const schedules: readonly ((rate: number) => Schedule)[] = [
      constantRate,
      (rate) => stepDecay({ learningRate: rate, factor: rate / 2, every: 3 }),
      (rate) => exponentialDecay({ learningRate: rate, factor: rate / 2, every: 3 }),
      (rate) => cosineDecay({ learningRate: rate, steps: 9, last: rate / 3 }),
      (rate) => warmUp(rate, 4),
    ];
    const rules = [
      ...Object.keys(formulas).map((name) => rates.map((learningRate) => getUpdate(name)({ learningRate }))),
      ...schedules.map((make) => rates.map((rate) => sgd({ learningRate: make(rate) }))),
    ];
    const params = tensor(start);
    const steps = rules.flat().map((rule) => {
      const step = jit((g: Tensor, s: UpdateState, p: Tensor) => rule.update(g, s, p).params, { name: rule.name });
      return { step, changed: step(tensor(gradientAt(1)), rule.init(params), params) };
    });
    assertEquals(deviceStatistics().programs - before.programs, rules.length);
    const values = await Promise.all(steps.map(({ changed }) => changed.data()));
    for (let i = 0; i < values.length; i += 3) {
      const changes = values.slice(i, i + 3).map((one) => Math.abs(one[1] - start[1]));
      assert(changes[0] < changes[1] && changes[1] < changes[2], `${i}: ${changes}`);
    }
  },
);

testOnEveryDevice("Schedules have the values of their formulas", async () => {
  const at = (step: number) => tensor(step, [], { dtype: "i32" });
  const near = async (actual: Tensor, expected: number) => {
    const value = await actual.item();
    assert(Math.abs(value - expected) <= 2e-6 * Math.abs(expected) + 1e-9, `expected ${expected}, got ${value}`);
  };
  for (const step of [0, 1, 7, 29, 30, 31, 3000]) {
    const decay = { learningRate: 0.3, factor: 0.9, every: 30 };
    await near(stepDecay(decay)(at(step)), 0.3 * 0.9 ** Math.floor(step / 30));
    await near(exponentialDecay(decay)(at(step)), 0.3 * 0.9 ** (step / 30));
    const cosine = 0.1 + 0.2 * (1 + Math.cos(Math.PI * Math.min(step, 30) / 30)) / 2;
    await near(cosineDecay({ learningRate: 0.3, steps: 30, last: 0.1 })(at(step)), cosine);
    await near(warmUp(decay.learningRate, 30)(at(step)), 0.3 * Math.min(1, (step + 1) / 30));
  }
});

testOnEveryDevice("Warming up is over at the greatest number of steps, too", async () => {
  for (const steps of [1, 30, 2 ** 31 - 1]) {
    const rate = await warmUp(constantRate(0.25), steps)(tensor(2 ** 31 - 1, [], { dtype: "i32" })).item();
    assertAlmostEquals(rate, 0.25, 1e-6);
  }
});

testOnEveryDevice("Clipping and schedules compose with any rule", async () => {
  const schedule = warmUp(exponentialDecay({ learningRate: 0.1, factor: 0.5, every: 100 }), 10);
  const rule = clipByGlobalNorm(clipByValue(adam({ learningRate: schedule }), 0.5), 1);
  const values = await (await run(rule, 5)).data();
  assert(values.every(Number.isFinite));
  const small = clipByGlobalNorm(sgd({ learningRate: 1 }), 100);
  const { params } = small.update(tensor([3, 4]), small.init(tensor([0, 0])), tensor([0, 0]));
  assertEquals(await params.toArray(), [-3, -4]);
});

testOnEveryDevice(
  "Norms whose squares would overflow or underflow are right, and gradients are clipped by them",
  async () => {
    for (const size of [1e30, 1e-30, 3]) {
      const x = tensor([3 * size, 0, -4 * size]);
      assertAlmostEquals(await globalNorm([x, tensor([[0]])]).item() / size, 5, 1e-5);
      const slope = await grad((x: Tensor) => globalNorm([x]))(x).data();
      [0.6, 0, -0.8].forEach((wanted, i) => assertAlmostEquals(slope[i], wanted, 1e-6));
    }
    assertEquals(await globalNorm([tensor([1, Infinity])]).item(), Infinity);
    assertEquals(await globalNorm([tensor([1, NaN])]).item(), NaN);
    assertEquals(await globalNorm([zeros([0]), zeros([2])]).item(), 0);
    const clipped = async (gradients: number[], limit: number) => {
      const rule = clipByGlobalNorm(sgd({ learningRate: 1 }), limit);
      const [zero, all] = [zeros([2]), tensor(gradients)];
      return [...await rule.update(all, rule.init(zero), zero).params.data()];
    };
    for (const limit of [1, 1e-3, 100]) {
      const step = await clipped([3e30 * limit, 4e30 * limit], limit);
      [-0.6, -0.8].forEach((wanted, i) => assertAlmostEquals(step[i] / limit, wanted, 1e-6));
    }
    assertEquals(await clipped([3, 4], 5), [-3, -4]);
    assertEquals(await clipped([3, 4], Infinity), [-3, -4]);
    assertEquals(await clipped([3e-30, 0], 1e-36), [-Math.fround(1e-36), 0]);
  },
);

testOnEveryDevice("Gradients up to the greatest numbers are clipped to the limit, alone and compiled", async () => {
  for (const limit of [1, 1e-3, 100, 1e-30, 3e-38, 1e30, 3e38]) {
    const rule = clipByGlobalNorm(sgd({ learningRate: 1 }), limit);
    const update = (g: Tensor[], p: Tensor[]): Tensor[] => rule.update(g, rule.init(p), p).params;
    for (const clipped of [update, jit(update)]) {
      for (const size of [1e30, 1e36, 8.5e37]) {
        const [a, b] = clipped([tensor([3 * size, 0]), tensor(4 * size)], [zeros([2]), zeros([])]);
        const factor = Math.min(1, limit / (5 * size));
        const step = [...await a.data(), await b.item()].map((one) => one / size / factor);
        [-3, 0, -4].forEach((wanted, i) => assertAlmostEquals(step[i], wanted, 1e-5, `${limit}, ${size}`));
      }
    }
  }
});

Deno.test("Clipping no gradients at all gives none", () => {
  for (const rule of [clipByGlobalNorm(sgd(), 1), clipByValue(sgd(), 1)]) {
    assertEquals(rule.update({}, rule.init({}), {}).params, {});
  }
});

testOnEveryDevice(
  "For limits and gradients of all sizes, the clipped norm is the smaller of limit and norm",
  async () => {
    for (const exponent of [-126, -110, -90, -60, -30, -1, 0, 1, 30, 60, 90, 110, 126]) {
      const limit = 1.25 * 2 ** exponent;
      const rule = clipByGlobalNorm(sgd({ learningRate: 1 }), limit);
      const clipped = jit((g: Tensor, p: Tensor): Tensor => rule.update(g, rule.init(p), p).params);
      for (let power = -120; power <= 125; power += 5) {
        const size = 2 ** power;
        const step = await clipped(tensor([3 * size, 0, -4 * size]), zeros([3])).data();
        const factor = Math.min(1, limit / (5 * size)) * size;
        [-3, 0, 4].forEach((wanted, i) => {
          const error = Math.abs(step[i] - wanted * factor);
          assert(error <= Math.max(4e-7 * Math.abs(wanted) * factor, 2 ** -126), `${limit}, ${size}: ${step}`);
        });
      }
    }
  },
);

testOnEveryDevice("Clipping by the global norm makes all gradients NaN if one of them is", async () => {
  for (const limit of [1, 1e-30, Infinity]) {
    const rule = clipByGlobalNorm(sgd({ learningRate: 1 }), limit);
    const update = (g: Tensor[], p: Tensor[]): Tensor[] => rule.update(g, rule.init(p), p).params;
    for (const clipped of [update, jit(update)]) {
      for (const [first, second] of [[[NaN, 100], 7], [[1, 2], NaN], [[3e38, 3e38], NaN]] as [number[], number][]) {
        const [a, b] = clipped([tensor(first), tensor(second)], [zeros([2]), zeros([])]);
        assertEquals([...await a.data(), await b.item()], [NaN, NaN, NaN], `${limit}, ${first}`);
      }
    }
  }
  const byValue = clipByValue(sgd({ learningRate: 1 }), 1);
  assertEquals(
    [...await byValue.update(tensor([NaN, 5, -3e38]), byValue.init(zeros([3])), zeros([3])).params.data()],
    [NaN, -1, 1],
  );
});

Deno.test("A rule keeps the form of nested parameters", () => {
  const params = { dense: { W: tensor([[1]]), b: tensor([1]) }, list: [tensor([2])] };
  const rule = momentum();
  const after = rule.update(params, rule.init(params), params);
  assertEquals(Object.keys(after.params.dense), ["W", "b"]);
  assertEquals(after.params.list.length, 1);
});

Deno.test("Unknown rules and invalid numbers are refused", () => {
  assertThrows(() => getUpdate("adem"), RangeError, "did you mean adam?");
  assertThrows(() => sgd({ learningRate: -1 }), RangeError, "at least 0, got -1");
  assertThrows(() => clipByValue(sgd(), 0), RangeError, "above 0");
  assertThrows(() => stepDecay({ learningRate: 1, factor: 0.5, every: 0 }), RangeError, "at least 1, got 0");
});

Deno.test("A learning rate that is not a scalar is refused, because parameters would be broadcast with it", () => {
  const params = { W: tensor([[1, 2], [3, 4]]), c: tensor(1) };
  for (const rates of [tensor([0.1, 0.2]), tensor([0.1])]) {
    const own: Schedule = () => rates;
    const rules = [sgd({ learningRate: own }), adam({ learningRate: own }), chain(sgd(), schedule(own))];
    for (const rule of [...rules, chain(weightDecay(0.1), sgd({ learningRate: own }))]) {
      const step = () => rule.update(params, rule.init(params), params);
      assertThrows(step, TypeError, `expected the learning rate to be a scalar, got shape [${rates.shape[0]}]`);
      assertThrows(() => jit(step)(), TypeError, "expected the learning rate to be a scalar");
    }
  }
});

testOnEveryDevice("Without epsilon, parameters that never had a gradient do not move", async () => {
  for (const name of ["adagrad", "rmsprop", "adadelta", "adam", "adamax", "nadam", "adamw"]) {
    const options: AllUpdateOptions = { learningRate: 0.5, epsilon: 0 };
    const rule = getUpdate(name)(options);
    const { params } = rule.update(tensor([0, 1]), rule.init(tensor([3, 3])), tensor([3, 3]));
    const [still, moved] = await params.data();
    assertAlmostEquals(still, name === "adamw" ? 3 * (1 - 0.5 * 0.01) : 3, 1e-6, name);
    assert(Number.isFinite(moved), name);
  }
});
