/**
 * The programs whose generated code is recorded, in groups. They are only compiled, so their tensors may be large.
 *
 * @module
 */

import type { DType } from "../../core/dtype.ts";
import type { Program } from "../../core/nest/program.ts";
import { patterns } from "../../core/webgpu/test_patterns.ts";
import { gradientOf, graphOf, weighted } from "../oracle.ts";
import { primitiveCases } from "../primitive_cases.ts";
import { programFrom } from "../proof/programs/arbitrary.ts";
import { gradientGraph, lossOf } from "../proof/programs/gradients.ts";
import { recipes } from "../proof/programs/recipes/recipes.ts";
import type { Program as RandomProgram } from "../proof/programs/program.ts";
import { idioms } from "./idioms.ts";
import { machineCode } from "./machine_code.ts";
import type { CodeRecord } from "./targets.ts";

/** Adds the code of the programs of a group. */
export type Group = (record: CodeRecord) => void;

/** Groups by name. */
export type Groups = Readonly<Record<string, Group>>;

/** Each primitive in several shapes. */
const primitives: Groups = Object.fromEntries(
  Object.entries(primitiveCases).map(([name, cases]) => [name, (record) => {
    for (const { fn, inputs } of cases) record.addGraph(graphOf(fn, inputs(1)));
  }]),
);

/** The gradients of each primitive that has some, of the first order and for one shape of the second. */
const gradients: Groups = Object.fromEntries(
  Object.entries(primitiveCases).filter(([, cases]) => cases.some(({ order }) => order > 0)).map(([name, cases]) => [
    name,
    (record) => {
      for (const [i, { fn, inputs, order }] of cases.filter(({ order }) => order > 0).entries()) {
        const first = gradientOf(weighted(fn));
        const types = inputs(1);
        record.addGraph(graphOf(first, types));
        if (order === 2 && i % 5 === 4) record.addGraph(graphOf(gradientOf(weighted(first)), types));
      }
    },
  ]),
);

/** Nests that were written by hand. */
const nests: Groups = Object.fromEntries(
  Object.entries(patterns).map(([name, pattern]) => [name, (record) => {
    const { program }: { readonly program: Program } = pattern();
    record.addForWasm(program);
    record.addForWebGpu(program);
  }]),
);

const addRandom = (record: CodeRecord, { graph, inputs }: RandomProgram): void => {
  record.addGraph(graph);
  if (inputs.length > 1) record.addGraph(graph, { donated: inputs.map((_, i) => i) });
  const loss = lossOf(graph, inputs);
  if (loss && inputs.some(({ dtype }: { readonly dtype: DType }) => dtype === "f32")) {
    record.addGraph(gradientGraph(loss, inputs));
  }
};

/** Random programs about each primitive, with their gradients. */
const random: Groups = Object.fromEntries(
  Object.entries(recipes).map(([name, theme]) => [name, (record) => {
    for (let seed = 1; seed <= 2; seed++) addRandom(record, programFrom(seed, { theme }));
  }]),
);

const named = (prefix: string, groups: Groups): Groups =>
  Object.fromEntries(Object.entries(groups).map(([name, group]) => [`${prefix} ${name}`, group]));

const parts: Readonly<Record<string, Groups>> = {
  "nests": named("nest:", nests),
  "products in machine code": named("machine code:", machineCode),
  "primitives": named("primitive", primitives),
  "idioms": named("idiom:", idioms),
  "gradients": named("gradient of", gradients),
  "random programs": named("random programs with", random),
};

/** All groups, those that take the least time first. */
export const groups: Groups = Object.assign({}, ...Object.values(parts));

/** The names of the groups of each section. */
export const sections: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(parts).map(([title, some]) => [title, Object.keys(some)]),
);
