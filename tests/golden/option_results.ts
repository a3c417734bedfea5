/**
 * What options of each kind take, what they say about all else, and how values and names are shown in messages.
 *
 * @module
 */

import { option } from "../../core/mod.ts";
import { nearestName, suggestName } from "../../core/nearest.ts";
import type { AnyOption } from "../../core/options/option.ts";
import { checkArguments, readUntyped } from "../../core/options/read.ts";
import { showText, showValue } from "../../core/options/show.ts";

type Calls = Generator<readonly [title: string, call: () => unknown]>;

const show = (value: unknown): string => JSON.stringify(value) ?? "undefined";

const registry = {
  sine: { make: Math.sin, options: {} },
  power: { make: Math.pow, options: { exponent: option.finite({ default: 2, help: "exponent" }) } },
};

/** Options of each kind, with bounds and without. */
const options: Readonly<Record<string, AnyOption>> = {
  finite: option.finite(),
  "finite from 0 to 1": option.finite({ least: 0, most: 1, default: 0.5, help: "a share" }),
  "finite above and below": option.finite({ above: -1, below: 2, required: true }),
  "finite of at least": option.finite({ least: -1, otherwise: "none" }),
  "finite of at most": option.finite({ most: 2, infinite: true }),
  positive: option.positive(),
  "positive or infinite": option.positive({ infinite: true, most: Infinity }),
  share: option.share(),
  "share below 1": option.share({ below: 1 }),
  whole: option.whole(),
  "whole from -2": option.whole({ least: -2, below: 3 }),
  count: option.count(),
  "count from 0": option.count({ least: 0, most: 3 }),
  flag: option.flag({ default: true }),
  text: option.text(),
  oneOf: option.oneOf(["same", "valid", "full-size"], { default: "same" }),
  "oneOf one": option.oneOf(["only"]),
  callable: option.callable(),
  list: option.list(option.count()),
  "list of two": option.list(option.share(), { length: 2, items: "shares" }),
  "list of words": option.list(option.text(), { items: "words", default: [] }),
  nullable: option.nullable(option.count(), { default: null }),
  "nullable list": option.nullable(option.list(option.count())),
  either: option.either([option.oneOf(["auto"]), option.count()]),
  "either of two numbers": option.either([option.share(), option.count({ least: 5 })]),
  shape: option.shape(),
  "shape of rank 3": option.shape({ rank: 3, least: 0 }),
  "shape of rank 1": option.shape({ rank: 1 }),
  openShape: option.openShape(),
  pair: option.pair({ least: 0 }),
  record: option.record<{ width?: number; name?: string }>({
    width: option.count({ default: 3 }),
    name: option.text(),
  }),
  nested: option.nested<unknown>(registry, { what: "function" }),
  "nested activation": option.nested<unknown>(registry, { what: "activation", default: "sine" }),
};

const optionValues: readonly unknown[] = [
  ...[undefined, null, true, false, 0, -0, 1, -1, -2, 2, 3, 4, 5, 0.5, 1.5, NaN, Infinity, -Infinity, 2 ** 53, 1e-300],
  ...["", "same", "Same", "full_size", "fullsize", "saem", "only", "auto", "sine", "sin", "power", "constructor", "1"],
  ...[[], [1], [1, 2], [0, 1], [0.5, 1], [1, 2, 3], [1, -1], [1, null], [null], [1, 2.5], [1, "2"], ["a", "b"], [
    "a",
    "",
  ]],
  ...[
    [, 1],
    [[1, 2]],
    {},
    { width: 3 },
    { width: 0 },
    { widht: 3 },
    { width: undefined, name: "" },
    Math.sin,
    Math.cos,
  ],
  ...[["sine", {}], ["power", { exponent: 3 }], ["power", { exponent: "3" }], ["power", { exp: 3 }], ["powr", {}]],
  ...[[Math.pow, { exponent: 1 }], [Math.cos, { any: 1 }], ["power", { exponent: 3 }, 1], [["power", {}], {}], [
    "power",
  ]],
];

const optionTexts = [
  ..."0,1,-1,0.5,1e3,x,true,false,yes,null,same,Full_Size,auto,sine,[1],[1,2],[null],Infinity,NaN,0x10".split(
    /,(?![^[]*\])/,
  ),
  ...["", " ", " 2 ", "1,2", "1, 2,3", "1,,2", "null,3", "a,b", "[1,2", "[]"],
];

/** Calls that read values and texts by options of each kind. */
export function* optionKinds(): Calls {
  for (const [name, one] of Object.entries(options)) {
    const { expected, default: usual, otherwise, required, help, names } = one;
    yield [name, () => ({ expected, usual, otherwise, required, help, names: names ?? "none" })];
    for (const value of optionValues) {
      const title = typeof value === "object" && value !== null ? show(value) : String(value);
      yield [`${name} of ${title}`, () => {
        if (one.accepts(value)) return `taken, ${show(one.toJson(value))}`;
        const { problem, path, expected, got, nearest } = one.refuse(value);
        return `${one.resembles(value) ? "alike" : "other"}: ${problem} ${path} ${expected}: ${got} (${nearest})`;
      }];
    }
    for (const text of optionTexts) yield [`${name} out of ${show(text)}`, () => one.parse(text)];
    if (name.startsWith("finite") || name === "record" || name === "oneOf") {
      for (const value of [undefined, 0, "0", { width: 2, other: 1 }, "saem"]) {
        const declaration = { size: one };
        yield [`${name} read from ${show(value)}`, () => readUntyped("test", declaration, { size: value })];
        yield [`${name} as an argument ${show(value)}`, () => checkArguments("test", { x: value }, one)];
      }
    }
  }
  for (
    const given of [undefined, null, [], 1, "a", () => 1, new Map(), Object.create({ size: 1 }), { sise: 1 }, {
      other: 1,
    }]
  ) {
    yield [
      `read from ${String(given)}`,
      () => readUntyped("test", { size: option.count({ default: 2 }) }, given as Record<string, unknown>),
    ];
    yield [`read nothing from ${String(given)}`, () => readUntyped("test", {}, given as Record<string, unknown>)];
  }
  const odd: readonly unknown[] = [
    ...[
      -0,
      10n,
      Symbol("a"),
      "a\nb\u001b[31m",
      "x".repeat(300),
      new Date(0),
      new Error("no"),
      /a/g,
      class Abc {},
      new Set([1]),
    ],
    ...[[[[[1]]]], Array.from({ length: 50 }, (_, i) => i), { a: { b: { c: { d: 1 } } } }, new Float32Array(30), [, 1]],
    ...[
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key${i}`, i])),
      new Proxy({}, {}),
      Object.create(null),
    ],
  ];
  for (const [i, value] of odd.entries()) {
    yield [`shown ${i}`, () => showValue(value)];
    yield [`text ${i}`, () => showText(String(typeof value === "object" ? i : String(value)))];
  }
  for (
    const name of [
      "",
      "lenet6",
      "LENET",
      "relu6",
      "abcdef",
      "sigmod",
      "tahn",
      "sotfmax",
      "x",
      "re lu",
      "e_lu",
      "gel",
      "softplus2",
    ]
  ) {
    const known = ["relu", "elu", "gelu", "selu", "softmax", "softplus", "sigmoid", "tanh", "lenet5"];
    yield [`nearest to ${show(name)}`, () => `${nearestName(name, known)}${suggestName(name, known)}`];
  }
}
