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

/** Bundlers that preserve names wrap functions in calls to this one. */
const prelude = "const __name = (fn) => fn;";

/**
 * Starts a thread that calls `serve` with `input` and `tool`. The thread gets the source text of these functions, so
 * they must not use anything outside themselves. It needs no permission and does not keep the process alive.
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
  // By default a thread gets a copy of the environment, for which Deno would ask on a terminal.
  const worker = new threads.Worker(url, { workerData: input, env: {} });
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
