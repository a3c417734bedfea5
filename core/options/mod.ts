/**
 * Options that are declared once, with the values that they take, their defaults and their help texts. Layers, update
 * rules and commands of this library are checked by their declarations, and so can your own be.
 *
 * @module
 */

export { type Bounds, count, finite, type NumberSpec, positive, share, whole } from "./numbers.ts";
export { nested, type NestedSpec, record, type Registry } from "./nested.ts";
export type { Named } from "./nested.ts";
export {
  type AnyDeclaration,
  type AnyOption,
  custom,
  type Declaration,
  type Declared,
  type DefaultOption,
  type Kind,
  type KindParts,
  type MustBeGiven,
  type Option,
  type OptionSpec,
  type OptionValues,
  type Refusal,
  type RequiredOption,
  type ValueIn,
  type WithDefault,
} from "./option.ts";
export { type NothingElse, readOptions } from "./read.ts";
export { openShape, pair, shape, type ShapeSpec } from "./shapes.ts";
export { callable, either, flag, list, type ListSpec, nullable, oneOf, text } from "./values.ts";
