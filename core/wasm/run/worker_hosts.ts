/**
 * Starts threads in Deno, Node and browsers.
 *
 * @module
 */

import { hostModule, processors } from "../../host.ts";

/** A running thread. */
export interface Helper {
  terminate(): unknown;
}

/** A function or class whose source text a thread gets. */
type Tool = ((...given: never[]) => unknown) | (new (...given: never[]) => unknown);

/** Bundlers that preserve names wrap functions in calls to this one. */
const prelude = "const __name = (fn) => fn;";

/**
 * Starts a thread that calls `serve` with `input` and `tools`. The thread gets the source text of these, so
 * they must not use anything outside themselves. It needs no permission and does not keep the process alive.
 */
export function startHelper<I, T extends readonly Tool[]>(
  serve: (input: I, ...tools: T) => void,
  input: I,
  tools: T,
): Helper {
  const threads = hostModule("node:worker_threads");
  const call = (data: string): string => `(${serve.toString()})(${[data, ...tools.map(String)].join(", ")});`;
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
 * The default number of threads: one per logical processor. In browsers it is 1, except in a worker of a page that is
 * cross-origin isolated, because threads share memory and a page itself may not wait.
 */
export function defaultThreads(): number {
  if (hostModule("node:worker_threads")) return processors();
  const mayShare = Reflect.get(globalThis, "crossOriginIsolated") === true;
  const isPage = "document" in globalThis;
  return mayShare && !isPage ? processors() : 1;
}
