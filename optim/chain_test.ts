import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { leavesOf, mapTree } from "../core/tree.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { adam, adamw } from "./adam.ts";
import { chain } from "./chain.ts";
import { accumulate, freeze, schedule } from "./chain_settings.ts";
import { clipByGlobalNorm, clipByValue } from "./clipping.ts";
import { type Mask, masked, parametersOf } from "./masks.ts";
import { average, weightDecay } from "./parameter_transforms.ts";
import { updates } from "./registry.ts";
import { cosineDecay, warmUp } from "./schedules.ts";
import type { UpdateRule, UpdateState } from "./update_rule.ts";
import { momentum, sgd } from "./updates.ts";

type Network = Record<string, Record<string, Tensor>>;

const start = (): Network => ({
  "Conv 1": { W: tensor([1, -0.5, 0.25]), b: tensor([0.125]) },
  "Dense 1": { W: tensor([[2, -3]]), b: tensor([0, -0]) },
});

/** Gradients that change from step to step. */
const gradientsAt = (step: number): Network => {
  let i = 0;
  return mapTree((leaf) => leaf.onesLike().mul(3 * Math.cos(1.7 * step + i++)).add(0.1), start());
};

interface Run {
  readonly params: Network;
  readonly state: UpdateState;
}

/** The parameters and the state after some compiled steps. */
function run(rule: UpdateRule, steps: number, gradients = gradientsAt): Run {
  const step = jit((g: Network, s: UpdateState, p: Network) => rule.update(g, s, p));
  let [params, state] = [start(), rule.init(start())];
  for (let i = 0; i < steps; i++) ({ params, state } = step(gradients(i), state, params));
  return { params, state };
}

/** All numbers of a tree. */
async function numbersOf(tree: unknown): Promise<number[]> {
  return (await Promise.all(leavesOf(tree).map((leaf) => leaf.data()))).flatMap((values) => [...values]);
}

async function assertSame(actual: unknown, expected: unknown): Promise<void> {
  const [left, right] = await Promise.all([numbersOf(actual), numbersOf(expected)]);
  assertEquals(left.length, right.length);
  left.forEach((value, i) => assert(Object.is(value, right[i]), `number ${i}: ${value} is not ${right[i]}`));
}

testOnEveryDevice("A chain of one rule is that rule, bit for bit, for every rule", async () => {
  for (const [name, make] of Object.entries(updates)) {
    await assertSame(run(chain(make()), 4).params, run(make(), 4).params);
    assertEquals(chain(make()).name, `chain(${name})`);
  }
});

testOnEveryDevice("Composed rules are those that were one function, bit for bit", async () => {
  const rate = { learningRate: 0.1 };
  await assertSame(
    run(chain(weightDecay(0.01), adamw({ ...rate, weightDecay: 0 })), 5).params,
    run(adamw({ ...rate, weightDecay: 0.01 }), 5).params,
  );
  await assertSame(
    run(chain(clipByGlobalNorm(0.5), clipByValue(0.2), momentum(rate)), 5).params,
    run(clipByGlobalNorm(clipByValue(momentum(rate), 0.2), 0.5), 5).params,
  );
  const cosine = cosineDecay({ learningRate: 0.3, steps: 4 });
  await assertSame(run(chain(adam(), schedule(cosine)), 5).params, run(adam({ learningRate: cosine }), 5).params);
  const nested = chain(chain(clipByValue(0.2), chain(adam())), schedule(cosine));
  await assertSame(run(nested, 5).params, run(clipByValue(adam({ learningRate: cosine }), 0.2), 5).params);
});

testOnEveryDevice("Weight decay subtracts the parameter before the step times both rates", async () => {
  const rate = warmUp(0.5, 4);
  const { params } = run(chain(sgd({ learningRate: rate }), weightDecay(0.25)), 2);
  const gradients = [gradientsAt(0), gradientsAt(1)];
  const expected = mapTree(
    (leaf, first, second) => {
      const next = leaf.sub(first.mul(0.125)).sub(leaf.mul(0.125 * 0.25));
      return next.sub(second.mul(0.25)).sub(next.mul(0.25 * 0.25));
    },
    start(),
    ...gradients,
  );
  const [got, wanted] = await Promise.all([numbersOf(params), numbersOf(expected)]);
  got.forEach((value, i) => assertAlmostEquals(value, wanted[i], 1e-6));
});

testOnEveryDevice("Accumulated steps are one step by the mean of their gradients", async () => {
  for (const steps of [1, 2, 3, 4]) {
    const inner = () => chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }), average(0.5));
    const rule = chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }), average(0.5), accumulate(steps));
    const means = (update: number): Network => {
      const parts = Array.from({ length: steps }, (_, i) => gradientsAt(steps * update + i));
      return mapTree(
        (...leaves) => leaves.reduce((sum, leaf) => sum.add(leaf)).div(steps),
        parts[0],
        ...parts.slice(1),
      );
    };
    const accumulated = run(rule, 3 * steps);
    const whole = run(inner(), 3, means);
    const [got, wanted] = await Promise.all([numbersOf(accumulated.params), numbersOf(whole.params)]);
    got.forEach((value, i) => assertAlmostEquals(value, wanted[i], 1e-6));
    const averages = await numbersOf(rule.averaged!(accumulated.state, accumulated.params));
    const expected = await numbersOf(inner().averaged!(whole.state, whole.params));
    averages.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-6));
    assertEquals(await accumulated.state.step.item(), 3 * steps);
    // Until the last of them, nothing changes.
    if (steps > 1) await assertSame(run(rule, 4 * steps - 1).params, accumulated.params);
  }
});

testOnEveryDevice("Frozen parameters keep their bits, and the rule remembers nothing for them", async () => {
  const rule = chain(adam({ learningRate: 0.1 }), weightDecay(0.1), average(0.9), freeze(parametersOf("Conv*", "*/b")));
  const { params, state } = run(rule, 3);
  await assertSame(params["Conv 1"], start()["Conv 1"]);
  await assertSame(params["Dense 1"].b, start()["Dense 1"].b);
  await assertSame(
    params["Dense 1"].W,
    run(chain(adam({ learningRate: 0.1 }), weightDecay(0.1)), 3).params["Dense 1"].W,
  );
  // Two counters of steps, two moments and an average of the one matrix that learns.
  assertEquals(leavesOf(state).map(({ shape }) => shape), [[], [], [1, 2], [1, 2], [1, 2]]);
  const kept = rule.averaged!(state, params);
  await assertSame(kept["Conv 1"], start()["Conv 1"]);
  assertEquals(Object.keys(kept["Dense 1"]), ["W", "b"]);
});

testOnEveryDevice("Groups of parameters have rules of their own", async () => {
  const rule = chain(
    masked(parametersOf("Conv*"), sgd({ learningRate: 0.5 })),
    masked(parametersOf("Dense*"), chain(clipByGlobalNorm(0.1), momentum({ learningRate: 0.1 }))),
  );
  const { params } = run(rule, 3);
  await assertSame(params["Conv 1"], run(sgd({ learningRate: 0.5 }), 3).params["Conv 1"]);
  // The norm is that of the group alone.
  const alone = (step: number): Network => ({ "Dense 1": gradientsAt(step)["Dense 1"] });
  const group = chain(clipByGlobalNorm(0.1), momentum({ learningRate: 0.1 }));
  let [own, state]: [Network, UpdateState] = [
    { "Dense 1": start()["Dense 1"] },
    group.init({ "Dense 1": start()["Dense 1"] }),
  ];
  for (let i = 0; i < 3; i++) ({ params: own, state } = group.update(alone(i), state, own));
  const [got, wanted] = await Promise.all([numbersOf(params["Dense 1"]), numbersOf(own)]);
  got.forEach((value, i) => assertAlmostEquals(value, wanted[i], 1e-6));
});

testOnEveryDevice("A masked transform concerns its parameters only", async () => {
  const rule = chain(sgd({ learningRate: 1 }), masked(parametersOf("*/W"), weightDecay(0.5)));
  const { params } = run(rule, 1, () => mapTree((leaf) => leaf.zerosLike(), start()));
  await assertSame(params["Conv 1"].b, start()["Conv 1"].b);
  assertEquals(await params["Dense 1"].W.toArray(), [[1, -1.5]]);
});

testOnEveryDevice("Averages begin with the first update, and follow their formula", async () => {
  const rule = chain(sgd({ learningRate: 0.1 }), average(0.75));
  let expected: number[] = [];
  for (let steps = 1; steps <= 4; steps++) {
    const { params, state } = run(rule, steps);
    const values = await numbersOf(params);
    expected = values.map((value, i) => steps === 1 ? value : 0.75 * expected[i] + 0.25 * value);
    const averages = await numbersOf(rule.averaged!(state, params));
    averages.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-6));
  }
  const untouched = rule.init(start());
  await assertSame(rule.averaged!(untouched, start()), start());
});

Deno.test("Chains without sense are refused", () => {
  assertThrows(() => chain(), TypeError, "expected an update rule among them");
  assertThrows(() => chain(average(0.9)), TypeError, "expected an update rule among them");
  const uncalled: unknown = adam;
  assertThrows(
    () => chain(uncalled as UpdateRule),
    TypeError,
    "such as adam() and average(0.999), got the function adam",
  );
  assertThrows(() => chain(sgd(), accumulate(2), accumulate(3)), TypeError, "Cannot chain accumulate twice");
  assertThrows(() => accumulate(0), RangeError, "expected steps to be a whole number of at least 1, got 0");
  assertThrows(() => average(1), RangeError, "below 1, got 1");
  assertThrows(() => weightDecay(-1), RangeError, "at least 0, got -1");
  assertThrows(() => clipByValue(0), RangeError, "above 0");
  assertThrows(() => chain(adam(), sgd()).init(start()), TypeError, "Conv 1/W is changed by adam and sgd");
  assertThrows(
    () => chain(masked(parametersOf("Conv*"), adam()), masked(parametersOf("Dense 1/W"), sgd())).init(start()),
    TypeError,
    "Dense 1/b is changed by none; freeze it, or include it in a mask",
  );
  assertThrows(
    () => chain(adam(), freeze(parametersOf("Dens"))).init(start()),
    RangeError,
    'by "Dens": expected some of Conv 1/W, Conv 1/b, Dense 1/W, Dense 1/b, got none; did you mean "Dense 1"?',
  );
  assertThrows(
    () => chain(adam(), freeze(parametersOf("*"))).init(start()),
    RangeError,
    "expected some parameters that are trained, got none; freeze fewer",
  );
  const own: UpdateRule = { ...sgd(), name: "own", learningRate: undefined, withLearningRate: undefined };
  assertThrows(() => chain(own, schedule((step) => step.cast("f32"))), TypeError, "a rule with withLearningRate");
  // A chain of one rule has what the rule has.
  assertEquals(chain(clipByGlobalNorm(1), own).withLearningRate, undefined);
  const halved = (step: Tensor): Tensor => step.cast("f32").mul(-0.5).exp();
  assertEquals(chain(clipByGlobalNorm(1), sgd()).withLearningRate?.(halved).learningRate, halved);
  const decayed = chain(own, weightDecay(0.1));
  assertThrows(() => decayed.update(start(), decayed.init(start()), start()), TypeError, "the learning rate of own");
  const other = chain(sgd());
  assertThrows(() => decayed.update(start(), other.init(start()), start()), TypeError, "the 2 states that init makes");
});

Deno.test("a mask that returns something other than a boolean is refused, with what it returned", () => {
  const mask = (value: unknown): Mask => (() => value) as Mask;
  for (const make of [(mask: Mask) => masked(mask, sgd()), (mask: Mask) => chain(sgd(), freeze(mask))]) {
    assertThrows(
      () => make(mask("W")).init(start()),
      TypeError,
      'Cannot select parameters: expected the mask to return true or false for Conv 1/W, got "W"',
    );
    assertThrows(() => make(mask(undefined)).init(start()), TypeError, "got undefined");
    assertThrows(() => make(mask(Promise.resolve(true))).init(start()), TypeError, "for Conv 1/W, got ");
  }
  const several = chain(masked(mask(1), sgd()), masked(parametersOf("Dense*"), adam()));
  assertThrows(() => several.init(start()), TypeError, "for Conv 1/W, got 1");
});

Deno.test("a chain of several rules accumulates as many steps as the one that accumulates most, and begins with the first", () => {
  const rate = { learningRate: 0.1 };
  const slow = chain(sgd(rate), accumulate(3));
  for (const rules of [[slow, sgd(rate)], [sgd(rate), slow]]) {
    const { accumulates, firstUpdate } = chain(...rules);
    assertEquals([accumulates, firstUpdate], [3, 1]);
  }
});

Deno.test("chains of accumulating chains multiply their steps, and others take one", () => {
  const both = chain(chain(sgd(), accumulate(2)), accumulate(3));
  assertEquals([both.accumulates, both.firstUpdate], [6, 6]);
  const plain = chain(sgd());
  assertEquals([plain.accumulates, plain.firstUpdate], [1, 1]);
  const later = chain(chain(sgd(), masked(parametersOf("Dense*"), chain(sgd(), accumulate(4)))), accumulate(2));
  assertEquals([later.accumulates, later.firstUpdate], [8, 2]);
});

Deno.test("a chain has the learning rate of its only rule, and passes another on to all rules", () => {
  const one = chain(clipByValue(1), sgd({ learningRate: 0.25 }));
  assertEquals(one.learningRate, 0.25);
  const several = chain(masked(parametersOf("Conv*"), sgd()), masked(parametersOf("Dense*"), adam()));
  assertEquals(several.learningRate, undefined);
  assert(several.withLearningRate !== undefined);
  const params = start();
  const decayed = chain(
    masked(parametersOf("Conv*"), sgd()),
    masked(parametersOf("Dense*"), adam()),
    weightDecay(0.1),
  );
  assertThrows(
    () => decayed.update(params, decayed.init(params), params),
    TypeError,
    "expected one rule with a learning rate; chain the transform with the rule that it belongs to",
  );
});

Deno.test("what a chain changes is what one of its rules changes", () => {
  const open = chain(masked(parametersOf("Conv*"), sgd()), masked(parametersOf("*/b"), adam()));
  assertEquals(["Conv 1/W", "Dense 1/b", "Dense 1/W"].map((path) => open.changes?.(path)), [true, true, false]);
  assertEquals(chain(sgd()).changes?.("any"), true);
});

Deno.test("files contain a chain if they can contain all its parts", () => {
  const known = chain(clipByValue(0.5), sgd({ learningRate: 0.25 }), accumulate(2));
  const [name, options] = known.configuration!;
  assertEquals([name, Object.keys(options as object)], ["chain", ["parts"]]);
  assertEquals(chain(clipByValue(Infinity), sgd()).configuration, undefined);
  assertEquals(chain(sgd(), freeze(() => false)).configuration, undefined);
  assertEquals(chain(sgd(), average(0.5)).averaged === undefined, false);
  assertEquals(chain(sgd(), weightDecay(0.5)).averaged, undefined);
  assertEquals(chain(sgd(), accumulate(2)).averaged, undefined);
  // One rule alone may leave parameters as they are.
  assertEquals(Object.keys(chain(masked(parametersOf("Conv*"), sgd())).init(start())), ["step", "stages"]);
});
