/**
 * The table of all operations. It does not compile while one is missing: the names come from the types of the library.
 *
 * @module
 */

import type * as core from "../../../core/mod.ts";
import type { Primitive } from "../../../core/graph/attributes.ts";
import type * as randomNumbers from "../../../core/random/mod.ts";
import type { Tensor } from "../../../core/tensor.ts";
import type * as activationFunctions from "../../../core/functions/activations.ts";
import type * as metricFunctions from "../../../optim/metrics.ts";
import type * as objectiveFunctions from "../../../optim/objectives.ts";
import type * as logitFunctions from "../../../optim/objectives_from_logits.ts";
import { activations, smoothFunctions } from "./activations.ts";
import { convolutionFunctions, convolutionPrimitives } from "./convolutions.ts";
import { elementwisePrimitives } from "./elementwise.ts";
import { indexedPrimitives, selectionFunctions } from "./indexing.ts";
import { loopPrimitives, transformations } from "./loops.ts";
import { metrics, objectives, objectivesWithOptions } from "./losses.ts";
import { elementwiseMethods } from "./methods.ts";
import { movementFunctions, movementMethods, movementPrimitives } from "./movement.ts";
import { norms } from "./norms.ts";
import type { Operation } from "./operation.ts";
import { productFunctions, productPrimitives } from "./products.ts";
import { randomFunctions } from "./random.ts";
import { reductionMethods, reductionPrimitives } from "./reductions.ts";
import { windowFunctions, windowPrimitives } from "./windows.ts";
import { creation, sourceMethods, sourcePrimitives } from "./sources.ts";

/** The names in `T` of functions that return tensors. */
type FunctionsIn<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => Tensor | Tensor[] ? K : never;
}[keyof T];

/** Methods that only the library calls. */
type Internal = "apply" | "applyTuple" | "viewed" | "composed";

/** Functions of functions, whose types depend on their arguments. */
type Transformation = "scan" | "checkpoint" | "grad" | "valueAndGrad" | "vjp" | "stopGradient";

type Table<K extends PropertyKey> = { readonly [P in K]: Operation };

const primitives: Table<Primitive> = {
  ...sourcePrimitives,
  ...elementwisePrimitives,
  ...movementPrimitives,
  ...reductionPrimitives,
  ...productPrimitives,
  ...convolutionPrimitives,
  ...windowPrimitives,
  ...indexedPrimitives,
  ...loopPrimitives,
};

const methods: Table<Exclude<FunctionsIn<Tensor>, Internal>> = {
  ...elementwiseMethods,
  ...movementMethods,
  ...reductionMethods,
  ...sourceMethods,
};

/** Functions that return tensors, but compute none. */
type Passing = "debugPrint" | "leavesOf" | "mapTree";

const functions: Table<Exclude<FunctionsIn<typeof core>, Passing> | Transformation> = {
  ...creation,
  ...movementFunctions,
  ...productFunctions,
  ...convolutionFunctions,
  ...windowFunctions,
  ...selectionFunctions,
  ...smoothFunctions,
  ...transformations,
};

const random: Table<FunctionsIn<typeof randomNumbers>> = randomFunctions;
const activation: Table<FunctionsIn<typeof activationFunctions>> = activations;
const objective: Table<FunctionsIn<typeof objectiveFunctions> | FunctionsIn<typeof logitFunctions>> = objectives;
const metric: Table<FunctionsIn<typeof metricFunctions>> = metrics;

/** All operations, by group and name. */
export const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  primitive: primitives,
  method: methods,
  function: functions,
  random,
  activation,
  objective: { ...objective, ...objectivesWithOptions },
  metric,
  norm: norms,
};
