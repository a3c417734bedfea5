/**
 * Follows a generator of events to its end.
 *
 * @module
 */

/**
 * Passes on all events, and returns what the generator returns. If `onEvent` returns a promise, it is awaited before the
 * next event. If it throws or the promise is rejected, the generator ends there and releases its files. (`await using`
 * does the same, but generators of Node 22 and of some browsers cannot be disposed.)
 */
export async function followEvents<E, R>(events: AsyncIterator<E, R>, onEvent: (event: E) => unknown): Promise<R> {
  try {
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      const answer = onEvent(value);
      if (isPromise(answer)) await answer;
    }
  } finally {
    await events.return?.();
  }
}

/**
 * Calls functions in turn. From the first one that returns a promise on, each is called when the one before it is done;
 * others are not awaited, because there are thousands of steps per second.
 */
export function inTurn(calls: readonly (() => unknown)[]): Promise<void> | undefined {
  for (const [i, call] of calls.entries()) {
    const answer = call();
    if (isPromise(answer)) return awaitAll(answer, calls.slice(i + 1));
  }
  return undefined;
}

async function awaitAll(answer: PromiseLike<unknown>, calls: readonly (() => unknown)[]): Promise<void> {
  await answer;
  for (const call of calls) await call();
}

function isPromise(answer: unknown): answer is PromiseLike<unknown> {
  return typeof answer === "object" && answer !== null && "then" in answer && typeof answer.then === "function";
}
