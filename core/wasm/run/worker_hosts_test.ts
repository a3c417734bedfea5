import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as threads from "node:worker_threads";
import { openWasm } from "../backend.ts";
import { defaultThreads, type Helper, startHelper } from "./worker_hosts.ts";

/** Runs `action` as in a browser, with these globals. A value of undefined removes a global. */
async function inBrowser<T>(globals: Readonly<Record<string, unknown>>, action: () => T | Promise<T>): Promise<T> {
  const changed: Readonly<Record<string, unknown>> = { process: undefined, Deno: undefined, ...globals };
  const before = Object.keys(changed).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  try {
    return await action();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}

/** A worker of a browser: it does to its creator what the test says. */
function fakeWorker(
  then: (worker: EventTarget & { onmessage?: () => void; onerror?: (event: Event) => void }) => void,
) {
  return class extends EventTarget {
    onmessage?: () => void;
    onerror?: (event: Event) => void;
    constructor() {
      super();
      setTimeout(() => then(this), 0);
    }
    postMessage(): void {}
    terminate(): void {}
  };
}

Deno.test("an isolated worker has several threads, a service worker, a page and others have one", async () => {
  const isolated = { crossOriginIsolated: true, navigator: { hardwareConcurrency: 4 } };
  assertEquals(await inBrowser(isolated, defaultThreads), 4);
  assertEquals(await inBrowser({ ...isolated, Worker: undefined }, defaultThreads), 1);
  assertEquals(await inBrowser({ ...isolated, document: {} }, defaultThreads), 1);
  assertEquals(await inBrowser({ ...isolated, crossOriginIsolated: false }, defaultThreads), 1);
});

Deno.test("in browsers, a device is ready when its threads run", async () => {
  let running = 0;
  const Worker = fakeWorker((worker) => {
    running++;
    worker.onmessage?.();
  });
  const name = await inBrowser({ Worker }, async () => {
    const backend = openWasm({ threads: 3 });
    await backend.warmUp!();
    assertEquals(running, 2);
    return backend.info.name;
  });
  assertStringIncludes(name, "3 threads");
});

Deno.test("a device whose threads are forbidden says that it has one thread, and why", async () => {
  const refusing = class {
    constructor() {
      throw new Error("refused");
    }
  };
  for (const Worker of [fakeWorker((worker) => worker.onerror?.(new Event("error"))), refusing]) {
    const name = await inBrowser({ Worker }, async () => {
      const backend = openWasm({ threads: 3 });
      await backend.warmUp!();
      return backend.info.name;
    });
    assertStringIncludes(
      name,
      "1 thread (other threads could not start; a Content-Security-Policy must have worker-src",
    );
  }
});

/** Starts a thread that sets a word to 1, and waits until it has. */
async function startAndWait(): Promise<Helper> {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const helper = startHelper((input: Int32Array) => Atomics.store(input, 0, 1), word, []);
  while (Atomics.load(word, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return helper;
}

Deno.test("in Deno, threads load nothing of Node", async () => {
  const helper = await startAndWait();
  assert(helper instanceof Worker);
  helper.terminate();
});

Deno.test("a Deno whose workers always keep the program alive starts threads of Node", async () => {
  const before = globalThis.Worker;
  Reflect.set(globalThis, "Worker", class {});
  try {
    const helper = await startAndWait();
    assert(helper instanceof threads.Worker);
    await helper.terminate();
  } finally {
    Reflect.set(globalThis, "Worker", before);
  }
});
