/**
 * Follows the events of a training with its progress, and the functions that were given for them.
 *
 * @module
 */

import { followEvents, inTurn } from "./follow_events.ts";
import type { ProgressDisplay } from "./progress/progress_option.ts";
import type { TrainingEvent } from "./training/events.ts";
import { logLines } from "./training/log_lines.ts";
import type { ModelTrainOptions } from "./training/train_options.ts";

/** Follows events to their end. The progress is first, so that its bar is gone before others print. */
export async function followWith<R>(
  progress: ProgressDisplay,
  events: AsyncIterator<TrainingEvent, R>,
  { onEvent, log }: { readonly [N in "onEvent" | "log"]: ModelTrainOptions[N] | undefined },
): Promise<R> {
  try {
    return await followEvents(events, (event) =>
      inTurn([
        () => progress.tell(event),
        () => onEvent?.(event),
        ...log ? logLines(event).map((line) => () => log(line)) : [],
      ]));
  } finally {
    progress.clear();
  }
}
