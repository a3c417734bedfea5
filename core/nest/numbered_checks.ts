/**
 * The numbers of checks of indices, by which kernels name them.
 *
 * @module
 */

import type { Shape } from "../shape.ts";

/** What indices must be below, and how they are called in messages. */
export interface IndexLimit {
  /** The number of rows of the table, or of classes. */
  readonly size: number;
  /** The start of messages after "Cannot": `look up token`. */
  readonly action: string;
  /** What has `size` entries, for messages: `the table`. */
  readonly table: string;
  /** What the entries are: `rows`. */
  readonly entries: string;
  /** The number of rows before the first one, for messages about a part of the rows (default: 0). */
  readonly firstRow?: number;
}

/** A limit of the indices of a tensor of this shape. */
export interface IndexCheck {
  readonly limit: IndexLimit;
  readonly shape: Shape;
}

/**
 * The number of a check in kernels, and the number of entries that indices must be below. Graphs hold this object, which
 * keeps the check known.
 */
export interface NumberedCheck {
  readonly number: number;
  readonly size: number;
}

/** A check that finds nothing. */
export const noCheck: NumberedCheck = { number: 0, size: Infinity };

/** The most checks that are known although no graph has them: a device may still report what they found. */
export const MOST_UNUSED_CHECKS = 1000;

interface KnownCheck {
  readonly key: string;
  readonly number: number;
  readonly check: IndexCheck;
  /** What the graphs hold, as long as there are some. */
  held: WeakRef<NumberedCheck>;
}

/** Checks and their numbers, which start at 1. Equal ones have one number, so equal kernels stay equal. */
export class CheckNumbers {
  readonly #byKey = new Map<string, KnownCheck>();
  readonly #byNumber = new Map<number, KnownCheck>();
  /** Those that no graph has, in the order in which the collector found them. */
  readonly #unused = new Set<KnownCheck>();
  readonly #collector = new FinalizationRegistry<KnownCheck>((known) => this.#release(known));
  #last = 0;

  constructor(readonly mostUnused: number) {}

  /** The number of known checks. */
  get size(): number {
    return this.#byKey.size;
  }

  /** The check of the indices of a tensor; the same object for equal ones. */
  take(limit: IndexLimit, shape: Shape): NumberedCheck {
    const { size, action, table, entries, firstRow = 0 } = limit;
    const key = JSON.stringify([size, action, table, entries, firstRow, shape]);
    const before = this.#byKey.get(key);
    const held = before?.held.deref();
    if (held) return held;
    const numbered: NumberedCheck = { number: before?.number ?? ++this.#last, size };
    const known = before ?? { key, number: numbered.number, check: { limit, shape }, held: new WeakRef(numbered) };
    known.held = new WeakRef(numbered);
    this.#unused.delete(known);
    this.#byKey.set(key, known);
    this.#byNumber.set(known.number, known);
    this.#collector.register(numbered, known);
    return numbered;
  }

  /** The check of this number; undefined if it was forgotten because no graph has it any more. */
  describe(number: number): IndexCheck | undefined {
    return this.#byNumber.get(number)?.check;
  }

  /** Forgets the checks that no graph has. */
  forgetUnused(): void {
    this.#keepUnused(0);
  }

  #release(known: KnownCheck): void {
    // It may have been taken again, or forgotten, before the collector reported it.
    if (known.held.deref() || this.#byKey.get(known.key) !== known) return;
    this.#unused.add(known);
    this.#keepUnused(this.mostUnused);
  }

  #keepUnused(most: number): void {
    for (const known of this.#unused) {
      if (this.#unused.size <= most) return;
      this.#unused.delete(known);
      this.#byKey.delete(known.key);
      this.#byNumber.delete(known.number);
    }
  }
}

/** The checks of this program. Devices share it, since a graph may be compiled for several of them. */
export const checkNumbers: CheckNumbers = new CheckNumbers(MOST_UNUSED_CHECKS);

/** The check of the indices of a tensor. */
export function numberedCheck(limit: IndexLimit, shape: Shape): NumberedCheck {
  return checkNumbers.take(limit, shape);
}

/** The check of this number, if it is still known. */
export function describedCheck(number: number): IndexCheck | undefined {
  return checkNumbers.describe(number);
}
