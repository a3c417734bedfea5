/**
 * Random programs over all primitives.
 *
 * @module
 */

import fc from "fast-check";
import { type DType, elementLimits } from "../../../core/dtype.ts";
import { isNode, type Node, parameter, topological } from "../../../core/graph/node.ts";
import { staged } from "../../../core/runtime.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import { Tensor } from "../../../core/tensor.ts";
import type { Argument } from "../../oracle.ts";
import { Choices } from "./choices.ts";
import { Draft } from "./draft.ts";
import { printProgram } from "./print.ts";
import { allNodes, type Program } from "./program.ts";
import { idioms } from "./recipes/idioms.ts";
import type { Recipe } from "./recipes/recipe.ts";
import { recipes } from "./recipes/recipes.ts";
import { tiledFrom } from "./tiled.ts";
import { smallerPrograms } from "./shrink.ts";

/** How programs are made. */
export interface ProgramOptions {
  /** The most recipes of a program, one after the other. */
  readonly depth?: number;
  /** More recipes, which occur about as often as all others together. */
  readonly more?: Readonly<Record<string, Recipe>>;
  /** A recipe that is one of four in every program, so that the program is about one primitive. */
  readonly theme?: Recipe | undefined;
  /** Whether the programs are about what devices cut into tiles, lanes and parts, instead of all primitives. */
  readonly tiled?: boolean;
  /** Whether some programs are given NaN, infinities and other special numbers (default: true). */
  readonly special?: boolean;
}

/** The most results of a program. */
const MOST_RESULTS = 8;
/** Extents of 0 and 1, primes, and one more or less than the tiles of kernels. */
const extents = [0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 7, 8, 11, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129];
const special = {
  f32: [NaN, Infinity, -Infinity, -0, 0, 1, 3.4028234663852886e38, 1.1754943508222875e-38, 2 ** 24 + 2],
  i32: [-(2 ** 31), 2 ** 31 - 1, 0, -1, 2 ** 24 + 1],
  u32: [2 ** 32 - 1, 2 ** 31, 0, 2 ** 24 + 1],
  bool: [0, 1],
};

/** How large the tensors of a program are: small ones are quick, large ones are cut into tiles and parts. */
interface Size {
  readonly isLarge: boolean;
  readonly mostElements: number;
}

function shapeFrom(choose: Choices, { isLarge, mostElements }: Size): Shape {
  const rank = choose.of(isLarge ? [1, 2, 2, 3] : [0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5]);
  const most = isLarge ? mostElements / 2 : choose.once(6) ? mostElements : mostElements / 8;
  if (isLarge && rank === 1) return [choose.below(most)];
  const shape = Array.from(
    { length: rank },
    () => extents[rank < 3 ? choose.below(extents.length) : choose.small(isLarge ? 19 : 14)],
  );
  while (sizeOf(shape) > most) shape[shape.indexOf(Math.max(...shape))] = choose.of([1, 2, 3, 5]);
  return shape;
}

/** An element: f32 in quarters, which are exact, or with all digits. */
function elementFrom(choose: Choices, dtype: DType, isShort: boolean): number {
  switch (dtype) {
    case "bool":
      return choose.below(2);
    case "u32":
      return isShort ? choose.below(8) : choose.below(2 ** 32);
    case "i32":
      return isShort ? choose.below(17) - 8 : choose.below(2 ** 32) - 2 ** 31;
    case "f32":
      return isShort
        ? (choose.once(5) ? 0 : (choose.below(25) - 12) / 4)
        : Math.fround(choose.below(2 ** 31) / 2 ** 29 - 2);
  }
}

/** What the arguments of a program are like. */
interface Kind extends Size {
  readonly isSpecial: boolean;
}

function argumentFrom(choose: Choices, dtype: DType, { isSpecial, ...size }: Kind): Argument {
  const isKey = dtype === "u32" && choose.once(2);
  const shape = isKey ? [2] : shapeFrom(choose, size);
  const isShort = !isKey && choose.once(2);
  const values = Float64Array.from({ length: sizeOf(shape) }, () => {
    if (isSpecial && choose.once(9)) return choose.of(special[dtype]);
    return Math.max(elementLimits[dtype][0], elementFrom(choose, dtype, isShort));
  });
  return { shape, dtype, values };
}

/** Recipes that each treat NaN, infinities and the zeros in a way of their own. */
const ofSpecial: readonly Recipe[] = [
  ...[recipes.maxOf, recipes.minOf, recipes.argmax, recipes.argmin, recipes.max, recipes.min, recipes.sign],
  ...[recipes.lt, recipes.le, recipes.eq, recipes.ne, recipes.where, recipes.sum, recipes.prod, recipes.cast],
];
/** Recipes of structures that programs consist of. */
const structures: readonly Recipe[] = [
  ...[recipes.scan, recipes.checkpoint, recipes.threefry, recipes.dot, idioms.twoIndices],
];

function chooseRecipe({ choose, options }: Draft, { more, theme }: ProgramOptions): Recipe {
  if (theme && choose.once(4)) return theme;
  if (more && choose.once(2)) return choose.of(Object.values(more));
  if (options.special && choose.once(2)) return choose.of(ofSpecial);
  if (choose.once(6)) return choose.of(structures);
  return choose.of(Object.values(choose.below(3) > 0 ? recipes : idioms));
}

/** The tensors that no later one depends on, and some of the others. */
function resultsAmong(made: readonly Tensor[], choose: Choices): Tensor[] {
  const used = new Set<Node>();
  const results: Tensor[] = [];
  for (const one of made.toReversed()) {
    if (results.length === MOST_RESULTS || used.has(one.node) && !choose.once(8)) continue;
    results.unshift(one);
    for (const node of topological([one.node])) used.add(node);
  }
  return results;
}

/** Makes a program: the same seed makes the same one. */
export function programFrom(seed: number, options: ProgramOptions = {}): Program {
  const { depth = 15, special = true } = options;
  const choose = new Choices(seed);
  const isSpecial = special && choose.once(6);
  const isLarge = choose.once(12);
  const mostElements = isLarge ? 12_000 : 1200;
  const dtypes: DType[] = [
    "f32",
    ...Array.from({ length: choose.below(4) }, () => choose.of(["f32", "f32", "i32", "u32", "bool"] as const)),
  ];
  const inputs = dtypes.map((dtype) => argumentFrom(choose, dtype, { isSpecial, isLarge, mostElements }));
  const parameters = inputs.map((input, i) => parameter(i, input));
  const step = (draft: Draft): void => {
    const made = chooseRecipe(draft, options)(draft);
    for (const one of made instanceof Tensor ? [made] : made ?? []) draft.add(one);
  };
  const fill = (draft: Draft): void => {
    for (let count = 1 + choose.below(4); count > 0; count--) step(draft);
  };
  const known = new Map(parameters.map((node, i) => [node, inputs[i]]));
  const draft = new Draft(parameters.map((node) => new Tensor(node)), choose, new Map(known), {
    mostElements,
    special: isSpecial,
    level: 0,
    fill,
  });
  staged(() => {
    for (let count = 1 + choose.below(isLarge ? Math.min(depth, 5) : depth); count > 0; count--) step(draft);
  });
  const made = draft.pool.slice(inputs.length);
  const results = resultsAmong(made.length > 0 ? made : draft.pool, choose);
  return { graph: { parameters, results: results.map(({ node }) => node) }, inputs };
}

const described = new WeakSet<Program>();

/** Random programs. A counterexample is made smaller step by step, and printed as a test that repeats it. */
export class ProgramArbitrary extends fc.Arbitrary<Program> {
  readonly #seeds = fc.nat();

  constructor(readonly options: ProgramOptions = {}) {
    super();
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Program> {
    const { value: seed } = this.#seeds.generate(random, undefined);
    return this.#value(this.options.tiled ? tiledFrom(seed) : programFrom(seed, this.options), bias);
  }

  override canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === "object" && value !== null && described.has(value as Program);
  }

  override shrink(program: Program): fc.Stream<fc.Value<Program>> {
    const value = (smaller: Program): fc.Value<Program> => this.#value(smaller);
    return fc.stream((function* () {
      for (const smaller of smallerPrograms(program)) yield value(smaller);
    })());
  }

  #value(program: Program, context?: unknown): fc.Value<Program> {
    const printed = { ...program, [fc.toStringMethod]: () => printProgram(program) };
    described.add(printed);
    return new fc.Value(printed, context);
  }
}

/** Names of the primitives in a program. */
export function primitivesIn({ graph }: Program): Set<string> {
  return new Set(
    allNodes(graph).map(({ op }) => op).concat(
      graph.parameters.some((node) => isNode(node, "parameter")) ? "parameter" : [],
    ),
  );
}
