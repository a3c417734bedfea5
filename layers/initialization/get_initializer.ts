/**
 * Initializers by name, with options, or as given tensors, and their JSON.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { showType } from "../../core/graph/node.ts";
import type { Json } from "../../core/json.ts";
import { numbersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments, wrongKind } from "../../core/options/read.ts";
import { describeChoice, type Named, nested, record } from "../../core/options/nested.ts";
import { type Declared, makeKind, optionOf, type OptionSpec } from "../../core/options/option.ts";
import { sameShape, type Shape, showShape } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { refuseOwn } from "../own_function.ts";
import * as declared from "./initializer_options.ts";
import * as init from "./initializers.ts";
import type { Initializer, InitializerOptions } from "./initializers.ts";

/** The name of an initializer of this library. */
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

/** Stands for a given tensor in a configuration; the values of the tensor are among the parameters. */
export interface Given {
  /** The tensor's shape. */
  readonly given: Shape;
}

/** How a parameter is initialized: an initializer, the name of one, either with options, or a given tensor. */
export type InitObject =
  | Initializer
  | InitializerName
  | readonly [Initializer | InitializerName, InitializerOptions]
  | Tensor
  | Given;

const initializers: Readonly<Record<InitializerName, Named<Initializer>>> = {
  constant: { make: init.constant, options: declared.constantOptions },
  uniform: { make: init.uniform, options: declared.uniformOptions },
  normal: { make: init.normal, options: declared.normalOptions },
  glorotUniform: { make: init.glorotUniform, options: declared.glorotOptions },
  glorotNormal: { make: init.glorotNormal, options: declared.glorotOptions },
  heUniform: { make: init.heUniform, options: declared.fanOptions },
  heNormal: { make: init.heNormal, options: declared.fanOptions },
  seluNormal: { make: init.seluNormal, options: declared.fanOptions },
  orthogonal: { make: init.orthogonal, options: declared.orthogonalOptions },
};

/** The names of all initializers. */
export const initializerNames: readonly string[] = Object.keys(initializers);

const choice = nested<Initializer>(initializers, { what: "initializer" });

const EXPECTED = `${choice.expected}, or a tensor`;

function isGiven(value: unknown): value is Given {
  return typeof value === "object" && value !== null && "given" in value && Array.isArray(value.given);
}

/** An option whose value is an initializer or a tensor. */
export function initialValue<S extends OptionSpec<InitObject>>(spec?: S): Declared<InitObject, S> {
  const kind = makeKind<InitObject>({
    ...choice,
    expected: EXPECTED,
    accepts: (value): value is InitObject => value instanceof Tensor || isGiven(value) || choice.accepts(value),
    refuse: refuseOwn(choice, EXPECTED),
    toJson: describeInitializer,
  });
  return optionOf(kind, spec);
}

const object = initialValue();
const anyOptions = record<InitializerOptions>(declared.initializerOptions);

/** The options that an initializer takes; a function of the user's own takes all of them. */
function optionsFor(make: Initializer, given: InitializerOptions): InitializerOptions {
  const known = Object.values(initializers).find((one) => one.make === make)?.options ?? declared.initializerOptions;
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(known, name)));
}

/**
 * Makes initial values of a shape.
 *
 * @param initObject an initializer, the name of one, either with options, or the tensor itself
 * @param options options for initializers that take them; those of `initObject` take precedence
 * @throws {RangeError} if the name is unknown; the message suggests the nearest one.
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
  refuseSurplus("initializer", arguments, 4);
  checkArguments("initialize a parameter", { key }, tensorKind);
  checkArguments("initialize a parameter", { shape }, numbersKind);
  const given = checkArgument("initialize a parameter", initObject, object);
  checkArgument("initialize a parameter", options, anyOptions);
  if (given instanceof Tensor) {
    if (sameShape(given.shape, shape)) return given;
    throw new TypeError(
      `Cannot initialize a parameter with tensor ${showType(given)}: expected shape ${showShape(shape)}`,
    );
  }
  if (isGiven(given)) {
    if (sameShape(given.given, shape)) return init.constant(key, shape);
    throw new TypeError(
      `Cannot initialize a parameter with a tensor of shape ${showShape(given.given)}: expected shape ${
        showShape(shape)
      }`,
    );
  }
  const [base, own] = typeof given === "object" ? given : [given, {}];
  const make = typeof base === "string" ? initializers[base].make : base;
  const made: unknown = make(key, shape, { ...optionsFor(make, options), ...own });
  if (made instanceof Tensor && sameShape(made.shape, shape)) return made;
  throw wrongKind(
    "initialize a parameter",
    `${make.name || "the initializer"} to return a tensor of shape ${showShape(shape)}`,
    made instanceof Tensor ? made.shape : made,
  );
}

/**
 * Writes an initializer as JSON, which {@linkcode initializer} understands. Of a given tensor only the shape is
 * written, since its values are among the parameters. A function that is not from this library becomes
 * `{ "function": name }`, which is refused on reading.
 */
export function describeInitializer(initObject: InitObject): Json {
  if (initObject instanceof Tensor) return { given: initObject.shape };
  return isGiven(initObject) ? { given: initObject.given } : describeChoice(initializers, initObject);
}
