/**
 * The places in the user's code at which operations are applied. They are recorded only on request, since each of them
 * takes a stack trace.
 *
 * @module
 */

/** The folders of this package whose modules are not the user's code. */
const ownFolders = ["core", "optim", "layers", "data", "model"];

/** The folder of this package; undefined in a bundle, whose modules cannot be told apart. */
function packageFolder(): string | undefined {
  // Bundles for plain scripts leave out the address of the module.
  const { url = "" }: { readonly url?: string } = import.meta;
  return /^(.+\/)core\/graph\/places\.[jt]s\b/.exec(url)?.[1];
}

/** The most calls between an operation and the user's code that are searched. */
const DEEPEST = 64;

let find: (() => string | null) | undefined;

/** The place of the operation that is applied now; undefined if places are not recorded. */
export function placeOfOperation(): string | null | undefined {
  return find?.();
}

function withPlaces<R>(places: () => string | null, fn: () => R): R {
  const before = find;
  find = places;
  try {
    return fn();
  } finally {
    find = before;
  }
}

/** Calls `fn`, and records the places of the operations that it applies. */
export function recordPlaces<R>(fn: () => R): R {
  return withPlaces(placeOfCaller, fn);
}

/** Calls `fn` so that its operations get the place of another one, if that has any. */
export function atPlaceOf<R>({ place }: { readonly place?: string | null }, fn: () => R): R {
  return place === undefined || !find ? fn() : withPlaces(() => place, fn);
}

/** The first line of the stack outside of this package: `file:///…/train.ts:12:30`. */
function placeOfCaller(): string | null {
  const root = packageFolder();
  if (!root) return null;
  const own = ownFolders.map((folder) => `${root}${folder}/`);
  const isOwn = (frame: string): boolean => own.some((start) => frame.startsWith(start)) && !/_test\.ts:/.test(frame);
  return framesOfStack().find((frame) => !isOwn(frame)) ?? null;
}

/** The addresses of the calls that led here, innermost first. */
function framesOfStack(): string[] {
  const errors: { stackTraceLimit?: number } = Error;
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = DEEPEST;
  const { stack = "" } = new Error();
  if (limit !== undefined) errors.stackTraceLimit = limit;
  return stack.split("\n").flatMap((line) => /(?:\(|@|at )([a-z]+:\/\/\S+?:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
}
