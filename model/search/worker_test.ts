import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { hyperparameters } from "../hyperparameters.ts";
import { finish } from "./finish.ts";
import { gridSearch } from "./grid_search.ts";
import { buildChanging } from "./test_search.ts";
import { serveSearch } from "./worker.ts";
import type { WorkerJob, WorkerMessage, WorkerStart } from "./worker_protocol.ts";

const module = import.meta.resolve("./test_search.ts");

Deno.test("a combination cannot be changed by the function that builds its model, in a worker as in one thread", async () => {
  const ranges = hyperparameters({ nEpochs: 1, batchSize: [20, [20, 50]], nUnits: 8, activation: "tanh" });
  for (const options of [{}, { parallel: 2, module }]) {
    const { rows } = await finish(gridSearch(ranges, buildChanging, options));
    assertEquals(rows.map(({ outcome }) => outcome), ["failed", "failed"]);
    for (const { failure } of rows) {
      assertEquals(failure?.name, "TypeError");
      assertStringIncludes(failure?.message ?? "", "nUnits");
    }
  }
});

/** The messages of a worker that is started in this thread, and the listener for its jobs. */
async function served(start: Partial<WorkerStart>) {
  const messages: WorkerMessage[] = [];
  const listeners: ((job: WorkerJob) => void)[] = [];
  const workerData: WorkerStart = {
    ...{ module, build: "buildChanging", buildText: buildChanging.toString() },
    ...{ device: "wasm", deviceOptions: {}, options: { train: {}, giveUp: null } },
    ...start,
  };
  await serveSearch({
    parentPort: {
      postMessage: (message) => messages.push(message),
      on: (_event, listener) => listeners.push(listener),
    },
    workerData,
  });
  return { messages, listeners };
}

Deno.test("a worker is ready as soon as it has the function, and says so after each job", async () => {
  const { messages, listeners } = await served({});
  assertEquals([messages, listeners.length], [[{ event: "idle" }], 1]);
  const hyperparameters = { nUnits: 8 };
  listeners[0]({ number: 3, hyperparameters, rivals: [] });
  while (messages.filter(({ event }) => event === "idle").length < 2) await new Promise((done) => setTimeout(done, 5));
  assert(Object.isFrozen(hyperparameters));
  assertEquals(messages.map(({ event }) => event), ["idle", "trial", "idle"]);
  const [, trial] = messages;
  assertEquals(trial.event === "trial" && [trial.number, trial.trial.outcome], [3, "failed"]);
});

Deno.test("a worker without the function of the search is of no use, and says why", async () => {
  const reasonOf = async (start: Partial<WorkerStart>): Promise<string> => {
    const { messages: [message, ...others], listeners } = await served(start);
    assertEquals([others, listeners], [[], []]);
    return message.event === "broken" ? message.reason : message.event;
  };
  assertStringIncludes(
    await reasonOf({ build: "missing" }),
    "export the function missing that was given to the search, got",
  );
  assertStringIncludes(await reasonOf({ build: "missing" }), "these names: ");
  assertStringIncludes(await reasonOf({ build: "missing" }), "buildChanging");
  assertStringIncludes(await reasonOf({ buildText: "(x) => x" }), "got another function");
  assertStringIncludes(await reasonOf({ module: "data:text/javascript," }), "got these names: none");
  assertEquals(await reasonOf({ module: 'data:text/javascript,throw "odd"' }), "odd");
});

Deno.test("the first thread of a program is no worker", async () => {
  await assertRejects(() => serveSearch(), TypeError, "Cannot serve a search: this thread is not a worker");
});
