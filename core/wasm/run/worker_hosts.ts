/**
 * Starts threads in Deno, Node and browsers.
 *
 * @module
 */

import { hasThreads, hostModule, processors } from "../../host.ts";

/** A running thread. */
export interface Helper {
  /**
   * In browsers: why the thread could not start, or undefined as soon as it runs. That takes turns of the event loop.
   * Other hosts start threads without them, and have no policies that forbid it.
   */
  readonly started?: Promise<string | undefined>;
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
  const call = (data: string): string => `(${serve.toString()})(${[data, ...tools.map(String)].join(", ")});`;
  const own = startDenoWorker(call("data"), input);
  if (own) return own;
  const threads = hostModule("node:worker_threads");
  if (!threads) return startWebWorker(call("data"), input);
  const text = `import { workerData } from "node:worker_threads"; ${prelude} ${call("workerData")}`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  // By default a thread gets a copy of the environment, for which Deno would ask on a terminal.
  const worker = new threads.Worker(url, { workerData: input, env: {} });
  worker.unref();
  return worker;
}

/**
 * In Deno, a worker of the web starts in a third of the time of one of `node:worker_threads`, since it loads none of
 * Node's modules. No public method lets it not keep the process alive. Deno's `node:worker_threads` itself uses a method
 * without a name for that; if there is none, the result is undefined.
 */
function startDenoWorker(call: string, input: unknown): Helper | undefined {
  if (globalThis.Deno === undefined || !("Worker" in globalThis)) return undefined;
  const { prototype } = Worker;
  const [nameless, other] = Object.getOwnPropertySymbols(prototype).filter(({ description }) =>
    description === undefined
  );
  const keepAlive: unknown = nameless && Reflect.get(prototype, nameless);
  // Another version of Deno may have other methods without names.
  if (other !== undefined || typeof keepAlive !== "function" || keepAlive.length !== 1) return undefined;
  const text = `${prelude} onmessage = ({ data }) => { ${call} };`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(text)}`, { type: "module" });
  worker.postMessage(input);
  Reflect.apply(keepAlive, worker, [false]);
  return worker;
}

/** Milliseconds after which a thread that sent no message is not waited for. It may still start. */
const PATIENCE = 5_000;

const BLOCKED = "other threads could not start; a Content-Security-Policy must have worker-src blob:";

function startWebWorker(call: string, input: unknown): Helper {
  const text = `${prelude} onmessage = ({ data }) => { postMessage("runs"); ${call} };`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const worker = new Worker(url);
    worker.postMessage(input);
    return { started: startOf(worker, url), terminate: () => worker.terminate() };
  } catch {
    return { started: Promise.resolve(BLOCKED), terminate() {} };
  }
}

function startOf(worker: Worker, url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (reason: string | undefined): void => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      resolve(reason);
    };
    const timer = setTimeout(() => end(undefined), PATIENCE);
    worker.onmessage = () => end(undefined);
    worker.onerror = (event) => {
      event.preventDefault();
      end(event.message || BLOCKED);
    };
  });
}

/**
 * The default number of threads: one per logical processor. In browsers it is 1, except in a worker of a page that is
 * cross-origin isolated, because threads share memory and a page itself may not wait. Service workers start no threads.
 */
export function defaultThreads(): number {
  if (hasThreads()) return processors();
  const mayShare = Reflect.get(globalThis, "crossOriginIsolated") === true;
  const isPage = "document" in globalThis;
  return mayShare && !isPage && "Worker" in globalThis ? processors() : 1;
}
