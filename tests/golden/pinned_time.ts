/**
 * A clock that depends only on how often it is read, so that recorded texts may have times and speeds.
 *
 * @module
 */

/** Milliseconds between two readings. */
const STEP = 40;

/** The date that the clock begins with. */
const BEGIN = Date.UTC(2026, 0, 31, 8, 5, 30);

/** Runs a function while `performance.now` and dates are pinned. */
export async function atPinnedTime<T>(work: () => Promise<T>): Promise<T> {
  const [now, date] = [performance.now, globalThis.Date];
  let time = 0;
  performance.now = () => time += STEP;
  const pinned = class extends date {
    constructor(...given: [] | [number | string | Date]) {
      super(given.length === 0 ? BEGIN : given[0]);
    }
  };
  pinned.now = () => BEGIN;
  Reflect.set(globalThis, "Date", pinned);
  try {
    return await work();
  } finally {
    performance.now = now;
    Reflect.set(globalThis, "Date", date);
  }
}
