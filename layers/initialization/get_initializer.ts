/**
 * Initialisers by name, with options, or given tensors, and how they are written as JSON.
 *
 * @module
 */

import { showType } from "../../core/graph/node.ts";
import { suggestName } from "../../core/nearest.ts";
import { sameShape, type Shape, showShape } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { describeActivation } from "../get_activation.ts";
import * as init from "./initializers.ts";
import type { Initializer, InitializerOptions } from "./initializers.ts";
import type { Json } from "../layer.ts";

/** The name of an initialiser of this library. */
export type InitializerName =
  | "constant"
  | "uniform"
  | "normal"
  | "glorotUniform"
  | "glorotNormal"
  | "heUniform"
  | "heNormal"
  | "seluNormal"
  | "orthogonal";

/** Stands in a configuration for a tensor that was given; its values are those of the parameters. */
export interface Given {
  /** The tensor's shape. */
  readonly given: Shape;
}

/** What says how a parameter begins: an initialiser or its name, one of both with options, or a given tensor. */
export type InitObject =
  | Initializer
  | InitializerName
  | readonly [Initializer | InitializerName, InitializerOptions]
  | Tensor
  | Given;

const initializers: Readonly<Record<InitializerName, Initializer>> = {
  constant: init.constant,
  uniform: init.uniform,
  normal: init.normal,
  glorotUniform: init.glorotUniform,
  glorotNormal: init.glorotNormal,
  heUniform: init.heUniform,
  heNormal: init.heNormal,
  seluNormal: init.seluNormal,
  orthogonal: init.orthogonal,
};

function lookUp(initializer: Initializer | InitializerName): Initializer {
  if (typeof initializer === "function") return initializer;
  if (!Object.hasOwn(initializers, initializer)) {
    const names = Object.keys(initializers);
    throw new RangeError(
      `Cannot find initialiser ${JSON.stringify(initializer)}${suggestName(String(initializer), names)}`,
    );
  }
  return initializers[initializer];
}

function isPair(object: InitObject): object is readonly [Initializer | InitializerName, InitializerOptions] {
  return Array.isArray(object);
}

/**
 * Initial values of the given shape.
 *
 * @param initObject an initialiser or its name, one of both with options, or the tensor itself
 * @param options options for the initialiser; those of `initObject` come before them
 * @throws {RangeError} for an unknown name; the message has the nearest known one.
 * @throws {TypeError} if a given tensor has another shape.
 *
 * @example
 * ```ts
 * import { initializer } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const values = initializer(["constant", { value: 2 }], random.key(1), [2]);
 * assertEquals(await values.toArray(), [2, 2]);
 * ```
 */
export function initializer(
  initObject: InitObject,
  key: Tensor,
  shape: Shape,
  options: InitializerOptions = {},
): Tensor {
  if (initObject instanceof Tensor) {
    if (sameShape(initObject.shape, shape)) return initObject;
    throw new TypeError(
      `Cannot begin with the given tensor ${showType(initObject)}: expected shape ${showShape(shape)}`,
    );
  }
  if (isPair(initObject)) return lookUp(initObject[0])(key, shape, { ...options, ...initObject[1] });
  if (typeof initObject !== "object") return lookUp(initObject)(key, shape, options);
  if (Array.isArray(initObject.given) && sameShape(initObject.given, shape)) return init.constant(key, shape);
  throw new TypeError(
    `Cannot begin with ${JSON.stringify(initObject)}: expected a given tensor of shape ${showShape(shape)}; ` +
      `a function of your own cannot be read from a configuration`,
  );
}

function describeOptions(options: InitializerOptions): Json {
  const { gain } = options;
  const plain: Record<string, Json> = {};
  for (const name of ["value", "scale", "fan"] as const) {
    if (options[name] !== undefined) plain[name] = options[name];
  }
  if (gain !== undefined) plain.gain = typeof gain === "number" ? gain : describeActivation(gain);
  return plain;
}

function describeName(initializer: Initializer | InitializerName): Json {
  if (typeof initializer === "string") return initializer;
  const name = (Object.keys(initializers) as InitializerName[]).find((name) => initializers[name] === initializer);
  return name ?? { function: initializer.name };
}

/**
 * An initialiser as JSON that {@linkcode initializer} understands. A given tensor is written as its shape only, as its
 * values are among the parameters; a function that is not of this library as `{ "function": name }`, which is refused on
 * reading.
 */
export function describeInitializer(initObject: InitObject): Json {
  if (initObject instanceof Tensor) return { given: initObject.shape };
  if (isPair(initObject)) return [describeName(initObject[0]), describeOptions(initObject[1])];
  if (typeof initObject === "object") return { given: initObject.given };
  return describeName(initObject);
}
