/**
 * Counts what a function does with collections, to test how its work grows without measuring time.
 *
 * @module
 */

type Method = (this: object, ...given: unknown[]) => unknown;

/** Methods of collections that take one step. */
const single: readonly (readonly [prototype: object, names: readonly string[]])[] = [
  [Map.prototype, ["get", "set", "has", "delete"]],
  [Set.prototype, ["add", "has", "delete"]],
  [WeakMap.prototype, ["get", "set", "has", "delete"]],
  [Array.prototype, ["push", "pop"]],
];

/** Methods that visit or copy all elements of a collection in the worst case. */
const whole: readonly (readonly [prototype: object, names: readonly (string | symbol)[]])[] = [
  [Array.prototype, [
    ...["map", "filter", "forEach", "some", "every", "find", "findIndex", "findLast", "reduce", "flatMap", "flat"],
    ...["includes", "indexOf", "lastIndexOf", "slice", "concat", "join", "sort", "toSorted", "reverse", "toReversed"],
    ...["with", "toSpliced", "splice", "shift", "unshift", "fill", "keys", "entries", Symbol.iterator],
  ]],
  [Map.prototype, ["forEach", "keys", "entries", "values", Symbol.iterator]],
  [Set.prototype, ["forEach", "values", Symbol.iterator]],
  [Object.getPrototypeOf(Uint32Array.prototype), ["slice", "fill", "map", "forEach", "some", "every", "find"]],
];

function sizeOf(collection: object): number {
  if (collection instanceof Map || collection instanceof Set) return collection.size;
  return Reflect.get(collection, "length") ?? 1;
}

/**
 * Calls a function and counts its operations on collections: reads and writes of maps and sets, and elements that arrays
 * visited, copied or were made of. A visit that ends early counts as one of all elements. The count of the same call is
 * always the same.
 */
export function countOperations(work: () => void): number {
  let count = 0;
  const restore: (() => void)[] = [];
  const replace = (target: object, name: string | symbol, made: (original: Method) => Method): void => {
    const before = Object.getOwnPropertyDescriptor(target, name)!;
    restore.push(() => Object.defineProperty(target, name, before));
    Object.defineProperty(target, name, { ...before, value: made(before.value) });
  };
  const counting = (steps: (collection: object) => number) => (original: Method): Method =>
    function (...given) {
      count += steps(this);
      return Reflect.apply(original, this, given);
    };
  for (const [prototype, names] of single) names.forEach((name) => replace(prototype, name, counting(() => 1)));
  for (const [prototype, names] of whole) names.forEach((name) => replace(prototype, name, counting(sizeOf)));
  replace(Object.getPrototypeOf(Uint32Array.prototype), "set", (original) =>
    function (source, ...rest) {
      count += sizeOf(Object(source));
      return Reflect.apply(original, this, [source, ...rest]);
    });
  for (const array of ["Float32Array", "Float64Array", "Uint32Array", "Int32Array"]) {
    replace(globalThis, array, (original) =>
      new Proxy(original, {
        construct(target, given, made) {
          const result = Reflect.construct(target, given, made);
          // A view of a buffer copies nothing.
          if (!(given[0] instanceof ArrayBuffer)) count += sizeOf(result);
          return result;
        },
      }));
  }
  try {
    work();
  } finally {
    restore.toReversed().forEach((one) => one());
  }
  return count;
}
