import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { readEvents } from "./events.ts";

Deno.test("epochs that were done again replace those that they repeat", async () => {
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    const epochs = [[1, 9], [2, 8], [2, 7], [3, 6], [2, 5], [3, 4]];
    const lines = [
      '{"event":"epoch","version":1,"epoch":"1"}',
      '{"event":"start","version":1,"seed":1}',
      ...epochs.map(([epoch, trainLoss]) => JSON.stringify({ event: "epoch", version: 1, epoch, trainLoss })),
    ];
    Deno.writeTextFileSync(file, lines.map((line) => `${line}\n`).join(""));
    const { history, start, last } = readEvents(file);
    assertEquals(history.map(({ epoch, trainLoss }) => [epoch, trainLoss]), [[1, 9], [2, 5], [3, 4]]);
    assertEquals([start?.seed, last?.epoch], [1, 3]);
  });
});
