/**
 * Readable progress of a download: on a terminal one line that counts, otherwise one line per host.
 *
 * @module
 */

import { inOneLine } from "../core/options/show.ts";
import type { LoadEvent } from "../data/mnist/kept_files.ts";
import type { Output } from "./output.ts";

/** The least time between two updates of the line, in milliseconds. */
const REDRAW = 100;

/** Prints the progress of loading data. */
export interface LoadingProgress {
  tell(event: LoadEvent): void;
  /** Ends the line that counts. */
  finish(): void;
}

/** Prints progress on the output of messages; `now` returns milliseconds. */
export function loadingProgress(
  output: Output,
  now: () => number = performance.now.bind(performance),
): LoadingProgress {
  const width = output.columns();
  let host = "";
  let drawn = -Infinity;
  const finish = (): void => {
    if (host !== "" && width !== undefined) output.note("\n");
    host = "";
  };
  const tell = (event: LoadEvent): void => {
    if (event.kind === "damaged") {
      finish();
      return output.note(`${inOneLine(`${event.file} is damaged and will be downloaded again: ${event.reason}`)}\n`);
    }
    const begun = `Downloading MNIST from ${new URL(event.url).host}…`;
    if (host !== begun) {
      finish();
      host = begun;
      return output.note(width === undefined ? `${begun}\n` : begun);
    }
    const isLast = event.received === event.total;
    if (width === undefined || !isLast && now() - drawn < REDRAW) return;
    drawn = now();
    output.note(`\r${`${begun} ${amount(event)}`.slice(0, width - 1)}\x1b[K`);
  };
  return { tell, finish };
}

/** What has arrived of a file: `45 % of 11.5 MB`. */
function amount({ received, total }: { readonly received: number; readonly total: number | undefined }): string {
  if (total === undefined) return megabytes(received);
  return `${Math.floor(100 * received / Math.max(1, total))} % of ${megabytes(total)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
