/**
 * Timers that end when a test says so, so that tests of waits depend on no clock.
 *
 * @module
 */

/** The timers of the program, held until they are told to end. */
export interface HeldTimers extends Disposable {
  /** The milliseconds of all timers that were started. */
  readonly waits: readonly number[];
  /** Ends the timers that are running. */
  end(): void;
}

type Start = (callback: (...given: unknown[]) => void, wait?: number, ...given: unknown[]) => number;

/** Holds all timers that are started by `setTimeout` from now on, until the result is disposed. */
export function holdTimers(): HeldTimers {
  const running = new Map<number, () => void>();
  const waits: number[] = [];
  const { setTimeout: startBefore, clearTimeout: stopBefore } = globalThis;
  const start: Start = (callback, wait = 0, ...given) => {
    const number = -1 - waits.length;
    waits.push(wait);
    running.set(number, () => callback(...given));
    return number;
  };
  const stop = (number?: number): void => {
    if (number === undefined || !running.delete(number)) stopBefore(number);
  };
  Object.assign(globalThis, { setTimeout: start, clearTimeout: stop });
  return {
    waits,
    end() {
      const ending = [...running.values()];
      running.clear();
      ending.forEach((one) => one());
    },
    [Symbol.dispose]() {
      Object.assign(globalThis, { setTimeout: startBefore, clearTimeout: stopBefore });
    },
  };
}
