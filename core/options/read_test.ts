import { assertEquals, assertThrows } from "@std/assert";
import { nested, record, type Registry } from "./nested.ts";
import { count, finite, positive, share, whole } from "./numbers.ts";
import { custom, type Declaration, type OptionValues } from "./option.ts";
import { checkArgument, checkArguments, readOptions, readUntyped } from "./read.ts";
import { pair, shape, sides } from "./shapes.ts";
import { callable, either, flag, list, nullable, oneOf, text } from "./values.ts";

type Schedule = (step: number) => number;

interface RuleOptions {
  readonly learningRate?: number | Schedule;
  readonly momentum?: number;
  readonly steps: number;
  readonly name?: string | undefined;
}

const ruleOptions = {
  learningRate: either([positive(), callable<Schedule>()], { default: 0.1, help: "step size" }),
  momentum: share({ below: 1, default: 0.9, help: "fraction of the velocity that is kept" }),
  steps: count({ required: true, help: "number of steps" }),
  name: text({ help: "name" }),
} satisfies Declaration<RuleOptions>;

const read = (given: object) => readOptions("make rule", ruleOptions, given as RuleOptions);

function refuse(type: typeof TypeError | typeof RangeError, message: string, given: object): void {
  const error = assertThrows(() => read(given), type);
  assertEquals(error.message, message);
}

Deno.test("options that are not given, or undefined, get their defaults", () => {
  const given: RuleOptions = { steps: 3, name: undefined };
  const { learningRate, momentum, steps, name } = readOptions("make rule", ruleOptions, given);
  assertEquals([learningRate, momentum + 0, steps, name], [0.1, 0.9, 3, undefined]);
});

Deno.test("given values are passed on unchanged", () => {
  const schedule = (step: number) => 1 / step;
  assertEquals(read({ learningRate: schedule, momentum: 0, steps: 1, name: "a" }), {
    learningRate: schedule,
    momentum: 0,
    steps: 1,
    name: "a",
  });
});

Deno.test("an unknown option is refused with the nearest known one, or with all", () => {
  refuse(RangeError, 'Cannot make rule: unknown option "learningrate"; did you mean learningRate?', {
    learningrate: 1,
  });
  refuse(
    RangeError,
    'Cannot make rule: unknown option "toString"; expected one of learningRate, momentum, steps, name',
    {
      toString: 1,
    },
  );
  assertEquals(read({ steps: 1, learningrate: undefined }).steps, 1);
});

Deno.test("a value of another kind is a TypeError, one out of bounds a RangeError, and both say what was expected", () => {
  refuse(TypeError, 'Cannot make rule: expected steps to be a whole number of at least 1, got "3"', { steps: "3" });
  refuse(RangeError, "Cannot make rule: expected steps to be a whole number of at least 1, got 0", { steps: 0 });
  refuse(RangeError, "Cannot make rule: expected steps to be a whole number of at least 1, got NaN", { steps: NaN });
  refuse(RangeError, "Cannot make rule: expected momentum to be a number of at least 0 and below 1, got 1", {
    steps: 1,
    momentum: 1,
  });
  refuse(RangeError, "Cannot make rule: expected learningRate to be a number above 0, got -1", { learningRate: -1 });
  refuse(TypeError, "Cannot make rule: expected learningRate to be a number above 0, or a function, got {}", {
    learningRate: {},
  });
  refuse(TypeError, "Cannot make rule: expected name to be a nonempty string, got null", { steps: 1, name: null });
});

Deno.test("a missing required option is reported", () => {
  refuse(TypeError, "Cannot make rule: expected steps to be a whole number of at least 1, got nothing", {});
  assertThrows(() => readOptions<RuleOptions, typeof ruleOptions>("make rule", ruleOptions, undefined), TypeError);
});

Deno.test("an argument is checked like an option", () => {
  const limit = positive({ infinite: true });
  assertEquals(checkArgument("clip", Infinity, limit), Infinity);
  const error = assertThrows(() => checkArguments("clip", { limit: 0 }, limit), RangeError);
  assertEquals(error.message, "Cannot clip: expected limit to be a number above 0, got 0");
});

Deno.test("a value that is no record of options is refused", () => {
  const error = assertThrows(() => readOptions("make rule", ruleOptions, JSON.parse("null")), TypeError);
  assertEquals(error.message, "Cannot make rule: expected a record of options, got null");
  for (const other of [new Map([["steps", 3]]), new Date(0), [3]]) {
    assertThrows(() => read(other), TypeError, "Cannot make rule: expected a record of options, got");
  }
});

const every = {
  seed: whole({ default: 1 }),
  scale: finite({ least: -1, most: 1, default: 0 }),
  verbose: flag({ default: false }),
  mode: oneOf(["same", "valid"], { default: "valid" }),
  strides: pair({ default: [1, 1] }),
  filter: shape({ rank: 4 }),
  sizes: list(count(), { default: [1] }),
  padding: sides({ least: 0 }),
};

type Every = Partial<OptionValues<typeof every>>;

Deno.test("each kind takes exactly the values that it describes", () => {
  const good: Every = {
    seed: -3,
    scale: -1,
    verbose: true,
    mode: "same",
    strides: [2, 1],
    filter: [1, 2, 3, 4],
    sizes: [],
    padding: [[0, 1]],
  };
  assertEquals(readOptions<Every, typeof every>("test", every, good), good);
  const bad: [string, unknown, string][] = [
    ["seed", 0.5, "expected seed to be a whole number, got 0.5"],
    ["scale", 1.5, "expected scale to be a number from -1 to 1, got 1.5"],
    ["scale", Infinity, "expected scale to be a number from -1 to 1, got Infinity"],
    ["verbose", 1, "expected verbose to be true or false, got 1"],
    ["mode", "Same", 'expected mode to be one of same, valid, got "Same"; did you mean same?'],
    ["mode", 1, "expected mode to be one of same, valid, got 1"],
    ["strides", [1], "expected strides to be two whole numbers of at least 1, got [1]"],
    ["strides", [0, 1], "expected strides to be two whole numbers of at least 1, got [0, 1]"],
    ["filter", { a: [1] }, "expected filter to be four whole numbers of at least 1, got { a: [1] }"],
    ["filter", new Date(), "expected filter to be four whole numbers of at least 1, got a Date"],
    ["sizes", [2.5, 1], "expected sizes[0] to be a whole number of at least 1, got 2.5"],
    ["padding", [[0, -1]], "expected padding to be a pair of whole numbers of at least 0 for each axis, got [[0, -1]]"],
    ["sizes", [1, 2.5], "expected sizes[1] to be a whole number of at least 1, got 2.5"],
  ];
  for (const [name, value, message] of bad) {
    const error = assertThrows(() => readOptions<Every, typeof every>("test", every, { [name]: value }));
    assertEquals(error instanceof Error && error.message, `Cannot test: ${message}`);
  }
});

type Layer = Partial<{ activation: string; pretraining: Partial<{ epochs: number }> }>;

const activations: Registry<(x: number) => number> = {
  abs: { make: Math.abs, options: {} },
  relu: { make: Math.max, options: { alpha: share() } },
};

const layerOptions = {
  activation: nested<string>(activations, { what: "activation", default: "abs" }),
  pretraining: record<Partial<{ epochs: number }>>({ epochs: count() }),
} satisfies Declaration<Layer>;

Deno.test("options inside of options are checked, and reported with their path", () => {
  const make = (given: object) => readOptions("make layer", layerOptions, given as Layer);
  for (const activation of ["abs", "relu", Math.abs, (x: number) => x, ["relu", { alpha: 1 }], [Math.max, {}]]) {
    assertEquals(make({ activation }), { activation: activation as string, pretraining: undefined });
  }
  const messages: [object, string][] = [
    [{ activation: "rleu" }, 'expected activation to be one of abs, relu, got "rleu"; did you mean relu?'],
    [{ activation: ["rleu", {}] }, 'expected activation[0] to be one of abs, relu, got "rleu"; did you mean relu?'],
    [{ activation: ["relu", { alhpa: 1 }] }, 'unknown option "alhpa" of activation[1]; did you mean alpha?'],
    [{ activation: [Math.max, { alpha: 2 }] }, "expected activation[1].alpha to be a number from 0 to 1, got 2"],
    [{ activation: ["abs", { alpha: 2 }] }, 'unknown option "alpha" of activation[1]; expected no options'],
    [
      { activation: { function: "own" } },
      "expected activation to be an activation (a name, a function, or [either, options]), got " +
      '{ function: "own" }',
    ],
    [{ pretraining: { epoch: 3 } }, 'unknown option "epoch" of pretraining; did you mean epochs?'],
    [{ pretraining: { epochs: 0 } }, "expected pretraining.epochs to be a whole number of at least 1, got 0"],
  ];
  for (const [given, message] of messages) {
    const error = assertThrows(() => make(given));
    assertEquals(error instanceof Error && error.message, `Cannot make layer: ${message}`);
  }
});

Deno.test("options with defaults and required options are never undefined", () => {
  const options = {
    choice: nested<string>(activations, { what: "activation", default: "abs" }),
    schedule: callable<Schedule>({ default: Math.abs }),
    own: custom<1 | 2>({ expected: "1 or 2", accepts: (value): value is 1 | 2 => value === 1 || value === 2 }, {
      required: true,
    }),
    rest: nullable(count()),
  };
  const { choice, schedule, own, rest } = readUntyped("make it", options, { own: 2 });
  const typed: readonly [string, Schedule, 1 | 2, number | null | undefined] = [choice, schedule, own, rest];
  assertEquals(typed, ["abs", Math.abs, 2, undefined]);
  assertEquals(readUntyped("make it", options, { own: 1, rest: null }).rest, null);
  const error = assertThrows(() => readUntyped("make it", options, { own: 1, rest: 0 }), RangeError);
  assertEquals(error.message, "Cannot make it: expected rest to be a whole number of at least 1, or null, got 0");
});

/** Whether a value of one type is assignable to another. */
type Fits<Given, Wanted> = Given extends Wanted ? true : false;

Deno.test("a declaration that does not belong to its interface does not compile", () => {
  type Wanted = Declaration<RuleOptions>;
  type Own = typeof ruleOptions;
  const positiveAlone = { ...ruleOptions, learningRate: positive() };
  const textual = { ...ruleOptions, momentum: text() };
  const optional = { ...ruleOptions, steps: count() };
  const own: Fits<Own, Wanted> = true;
  const withHole: Fits<Omit<Own, "momentum">, Wanted> = false;
  const tooNarrow: Fits<typeof positiveAlone, Wanted> = false;
  const ofAnotherKind: Fits<typeof textual, Wanted> = false;
  const notRequired: Fits<typeof optional, Wanted> = false;
  assertEquals([own, withHole, tooNarrow, ofAnotherKind, notRequired], [true, false, false, false, false]);
  const excess = { ...ruleOptions, more: text() };
  const taken: Fits<typeof excess, Parameters<typeof readOptions<RuleOptions, typeof excess>>[1]> = false;
  assertEquals(taken, false);
});
