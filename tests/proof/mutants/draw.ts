/**
 * Draws mutants from all files by a seed.
 *
 * @module
 */

import { kinds, type Mutation } from "./mutations.ts";

/** A mutation of a file of the tree. */
export interface Mutant extends Mutation {
  /** The path of the file, relative to the root. */
  readonly file: string;
  /** The line that the mutation changes, without the space around it. */
  readonly context: string;
  /** The replaced text. */
  readonly original: string;
}

/** The mutants of a file. */
export function mutantsOf(file: string, text: string, mutations: readonly Mutation[]): Mutant[] {
  const lines = text.split("\n");
  return mutations.map((mutation) => ({
    ...mutation,
    file,
    context: lines[mutation.line - 1].trim(),
    original: text.slice(mutation.start, mutation.end),
  }));
}

/** Words for a mutant that stay the same when other lines of its file change. */
export function nameOf({ original, replacement }: Mutant): string {
  const short = (text: string): string => {
    const line = text.replace(/\s+/g, " ");
    return line.length > 90 ? `${line.slice(0, 87)}…` : line;
  };
  return `${short(original)} → ${short(replacement)}`;
}

/** Numbers between 0 and 1 (Mulberry32, by Tommy Ettinger). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Draws mutants without repetition. All kinds have the same share, since there are far more written numbers than calls
 * without a result. Within a kind, folders have shares by the root of their sizes, so that each is seen; within both,
 * all mutants are equally likely.
 */
export function drawMutants(all: readonly Mutant[], { seed, count }: { seed: number; count: number }): Mutant[] {
  const random = randomNumbers(seed);
  const left = kinds.map((kind) => foldersOf(all.filter((mutant) => mutant.kind === kind)));
  const drawn: Mutant[] = [];
  for (let i = 0; drawn.length < Math.min(count, all.length); i++) {
    const folders = left[i % left.length];
    const weights = folders.map(({ length }) => Math.sqrt(length));
    let at = random() * weights.reduce((sum, weight) => sum + weight, 0);
    const folder = folders.find((_, j) => (at -= weights[j]) < 0);
    if (folder) drawn.push(...folder.splice(Math.floor(random() * folder.length), 1));
  }
  return drawn;
}

/** Mutants by the folder of their files. */
function foldersOf(mutants: readonly Mutant[]): Mutant[][] {
  return [...Map.groupBy(mutants, ({ file }) => file.slice(0, file.indexOf("/"))).values()];
}
