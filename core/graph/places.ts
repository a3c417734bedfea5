/**
 * The places in the user's code at which operations are applied. They are recorded only on request, since each of them
 * takes a stack trace.
 *
 * @module
 */

/** The folder of this package; its modules are not the user's code. */
const root = new URL("../../", import.meta.url).href;
const ownFolders = ["core", "optim", "layers", "data", "model"].map((folder) => `${root}${folder}/`);

/** The most calls between an operation and the user's code that are searched. */
const DEEPEST = 60;

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
  const errors: { stackTraceLimit?: number } = Error;
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = DEEPEST;
  const { stack = "" } = new Error();
  if (limit !== undefined) errors.stackTraceLimit = limit;
  const frames = stack.split("\n").map((line) => /(?:\(|@|at )([a-z]+:\/\/\S+?:\d+:\d+)\)?$/.exec(line)?.[1]);
  return frames.find((frame) => frame && !isOwn(frame)) ?? null;
}

function isOwn(frame: string): boolean {
  return ownFolders.some((folder) => frame.startsWith(folder)) && !/_test\.ts:/.test(frame);
}
