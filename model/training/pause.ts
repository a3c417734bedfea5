/**
 * Letting others work while the device is kept busy.
 *
 * @module
 */

/** Milliseconds of work after which timers, signals and the like have their turn. */
const TURN = 50;

/** A function to await now and then in a long loop: gives way to other work, but not too often. */
export function makePause(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN) return;
    await new Promise((resume) => setTimeout(resume, 0));
    last = performance.now();
  };
}
