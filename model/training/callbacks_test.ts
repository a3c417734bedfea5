import { assertEquals, assertRejects } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import type { TrainingEvent } from "./events.ts";
import { hyperparameters } from "../hyperparameters.ts";
import { isLeased } from "../files/lease.ts";
import { finish } from "../search/finish.ts";
import { gridSearch } from "../search/grid_search.ts";
import { untrained } from "./test_resuming.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Collects garbage until something is true, or for a while. */
async function collected(isTrue: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 100 && !isTrue(); turn++) {
    collect();
    await pause();
  }
  return isTrue();
}

testOnEveryDevice("a callback that returns a promise is waited for, and its rejection ends the training", async () => {
  const fail = () => Promise.reject(new RangeError("enough"));
  for (const options of [{ onEvent: fail }, { log: fail }, { progress: fail }]) {
    await assertRejects(() => untrained.train(options), RangeError, "enough");
  }
  await assertRejects(() => untrained.pretrain({ onEvent: fail }).then(() => untrained.train({ onEvent: fail })));
  const [begun, done]: [string[], string[]] = [[], []];
  await untrained.train({
    onEvent: async ({ event }: TrainingEvent) => {
      assertEquals(begun.length, done.length, "the one before is done");
      begun.push(event);
      await pause();
      done.push(event);
    },
  });
  assertEquals([done.at(0), done.at(-1), done], ["start", "end", begun]);
});

Deno.test("a callback of a search whose promise is rejected ends it", async () => {
  const search = gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), () => {
    throw new RangeError("Cannot build it");
  });
  await assertRejects(() => finish(search, () => Promise.reject(new RangeError("enough"))), RangeError, "enough");
});

testOnEveryDevice("the file of a training whose events were left is free when the generator is collected", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/left.ym`;
    await (async () => {
      const events = untrained.events({ file });
      for (let i = 0; i < 5; i++) await events.next();
    })();
    assertEquals(isLeased(file), true);
    assertEquals(await collected(() => !isLeased(file)), true);
    assertEquals((await untrained.train({ file, earlyStop: false })).report.epochs, 5);
  });
});

Deno.test("the journal of a search whose events were left is free when the generator is collected", async () => {
  await inFolder(async (folder) => {
    const journal = `${folder}/journal.jsonl`;
    const search = () =>
      gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), () => {
        throw new RangeError("Cannot build it");
      }, { journal });
    await (async () => await search().next())();
    await assertRejects(() => finish(search()), Error, "another process is using it");
    let rows = 0;
    await (async () => {
      for (let turn = 0; turn < 100 && rows === 0; turn++) {
        collect();
        await pause();
        rows = await finish(search()).then((result) => result.rows.length, () => 0);
      }
    })();
    assertEquals(rows, 2);
  });
});
