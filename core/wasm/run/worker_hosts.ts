/**
 * Starting threads, and what the thread that starts them may do: it differs between Deno, Node, and browsers.
 *
 * @module
 */

import { hostModule, processors } from "../../host.ts";

/** A thread that was started. */
export interface Helper {
  terminate(): unknown;
}

/** Bundlers that preserve names wrap functions in calls of this one. */
const prelude = "const __name = (fn) => fn;";

/**
 * Starts a thread that calls `serve` with `input` and `tool`. The text of these functions is sent, so they must refer to
 * nothing outside of themselves. The thread needs no permission and does not keep the process alive.
 */
export function startHelper<I, T extends (...given: never[]) => unknown>(
  serve: (input: I, tool: T) => void,
  input: I,
  tool: T,
): Helper {
  const threads = hostModule("node:worker_threads");
  const call = (data: string): string => `(${serve.toString()})(${data}, ${tool.toString()});`;
  if (!threads) return startWebWorker(call("data"), input);
  const text = `import { workerData } from "node:worker_threads"; ${prelude} ${call("workerData")}`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  const worker = new threads.Worker(url, { workerData: input });
  worker.unref();
  return worker;
}

function startWebWorker(call: string, input: unknown): Helper {
  const text = `${prelude} onmessage = ({ data }) => ${call}`;
  const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  worker.postMessage(input);
  return worker;
}

/**
 * How many threads compute by default: one per processor. In a browser only a worker of a page that is
 * cross-origin isolated has more than one, since a page may not wait, and threads share memory.
 */
export function defaultThreads(): number {
  if (hostModule("node:worker_threads")) return processors();
  const mayShare = Reflect.get(globalThis, "crossOriginIsolated") === true;
  const isPage = "document" in globalThis;
  return mayShare && !isPage ? processors() : 1;
}
