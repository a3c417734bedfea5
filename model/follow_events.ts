/**
 * Follows a generator of events to its end.
 *
 * @module
 */

/**
 * Passes on all events, and returns what the generator returns. If `onEvent` throws, the generator ends there and
 * releases its files. (`await using` does the same, but generators of Node 22 and of some browsers cannot be disposed.)
 */
export async function followEvents<E, R>(events: AsyncIterator<E, R>, onEvent: (event: E) => void): Promise<R> {
  try {
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      onEvent(value);
    }
  } finally {
    await events.return?.();
  }
}
