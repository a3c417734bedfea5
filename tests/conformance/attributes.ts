/**
 * The attributes of an operator, read with their types checked.
 *
 * @module
 */

type Kind = "a number" | "numbers" | "a text" | "texts" | "0 or 1" | "the name of a tensor";

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";
const isFlag = (value: unknown): value is number | boolean => value === 0 || value === 1 || typeof value === "boolean";
const isList = <T>(isOne: (value: unknown) => value is T) => (value: unknown): value is T[] =>
  Array.isArray(value) && value.every(isOne);

interface TensorName {
  readonly tensor: string;
}

const isTensorName = (value: unknown): value is TensorName =>
  typeof value === "object" && value !== null && "tensor" in value && isText(value.tensor);

/** Attributes as in ONNX. If an attribute is absent, its reader returns `undefined` or the given default. */
export class Attributes {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  #read<T>(name: string, kind: Kind, fits: (value: unknown) => value is T): T | undefined {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    if (value === undefined || value === null || fits(value)) return value ?? undefined;
    throw new TypeError(`Cannot use attribute ${name}: expected ${kind}, got ${JSON.stringify(value)}`);
  }

  /** A number. */
  number<T extends number | undefined>(name: string, otherwise: T): number | T {
    return this.#read(name, "a number", isNumber) ?? otherwise;
  }

  /** Several numbers. */
  numbers(name: string): readonly number[] | undefined {
    return this.#read(name, "numbers", isList(isNumber));
  }

  /** A text. */
  text(name: string, otherwise: string): string {
    return this.#read(name, "a text", isText) ?? otherwise;
  }

  /** Several texts. */
  texts(name: string): readonly string[] | undefined {
    return this.#read(name, "texts", isList(isText));
  }

  /** A boolean, written as 0 or 1. */
  flag(name: string, otherwise = false): boolean {
    return Boolean(this.#read(name, "0 or 1", isFlag) ?? otherwise);
  }

  /** The name of a tensor of the case, written as `{ "tensor": name }`. */
  tensorName(name: string): string | undefined {
    return this.#read(name, "the name of a tensor", isTensorName)?.tensor;
  }
}
