import { assertEquals } from "@std/assert";
import { setDevice } from "../core/mod.ts";
import { complaint } from "./fuzz_arguments.ts";
import { hostileCalls, type ValidCall } from "./hostile_arguments.ts";
import { inFolder } from "./in_folder.ts";
import { isOnPurpose } from "./valid_calls/taken_on_purpose.ts";

/** The calls of one table, and how deep their arguments are examined. */
interface Table {
  readonly calls: Readonly<Record<string, ValidCall>>;
  readonly depth?: number;
}

/** What is wrong with the answers to all hostile calls of a table. */
async function wrongAnswers({ calls, depth }: Table): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, valid] of Object.entries(calls)) {
    await valid.call(...valid.args as never[]);
    const taken = new Map<string, string[]>();
    for await (const { path, value, error, isTaken } of hostileCalls(valid, depth)) {
      const found = error === undefined ? undefined : complaint(error);
      if (found) wrong.push(`${name}, ${path} = ${value}: ${found}`);
      if (isTaken && !isOnPurpose(`${name} ${path}`, value)) taken.set(path, [...taken.get(path) ?? [], value]);
    }
    for (const [path, values] of taken) wrong.push(`${name} ${path} takes ${values.join(", ")}`);
  }
  return wrong;
}

const tables: Readonly<Record<string, () => Promise<Table>>> = {
  "core": async () => ({ calls: (await import("./valid_calls/core.ts")).coreCalls }),
  "random": async () => ({ calls: (await import("./valid_calls/core.ts")).randomCalls }),
  "tensors": async () => ({ calls: (await import("./valid_calls/core.ts")).tensorCalls }),
  "layers": async () => ({ calls: (await import("./valid_calls/layers.ts")).layerCalls, depth: 2 }),
  "optim": async () => ({ calls: (await import("./valid_calls/layers.ts")).optimCalls }),
  "data": async () => ({ calls: (await import("./valid_calls/data.ts")).dataCalls }),
  "augment": async () => ({ calls: (await import("./valid_calls/augment.ts")).augmentCalls }),
  "sets": async () => ({ calls: (await import("./valid_calls/data.ts")).setCalls }),
  "model": async () => ({ calls: (await import("./valid_calls/model.ts")).modelCalls, depth: 1 }),
  "views": async () => ({ calls: (await import("./valid_calls/views.ts")).viewCalls, depth: 1 }),
  "networks and models": async () => ({ calls: (await import("./valid_calls/model.ts")).methodCalls, depth: 1 }),
};

for (const [title, table] of Object.entries(tables)) {
  Deno.test(`each part of each argument of ${title} is refused in the project's own words, or of the right kind`, async () => {
    await setDevice("wasm");
    const calls = await table();
    const before = Deno.cwd();
    await inFolder(async (folder) => {
      // Some of the values are taken for paths.
      Deno.chdir(folder);
      try {
        assertEquals(await wrongAnswers(calls), []);
      } finally {
        Deno.chdir(before);
      }
    });
  });
}
