/**
 * Lets other work run while the device is kept busy.
 *
 * @module
 */

/** Milliseconds of work after which timers, signals and similar tasks may run. */
const TURN = 50;

/** A function to await regularly in a long loop. It lets other work run, but not too often. */
export function makePause(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN) return;
    await new Promise((resume) => setTimeout(resume, 0));
    last = performance.now();
  };
}
