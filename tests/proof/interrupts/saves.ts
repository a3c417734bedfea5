/**
 * Saves that are killed at each of their system calls.
 *
 * @module
 */

import { equal } from "@std/assert";
import { readModel, writeModel } from "../../../model/files/container.ts";
import { markedModel } from "../../../model/files/test_saving_child.ts";
import { at, callsOfSave, saveTraced, straceWorks } from "../../../model/files/test_tracing.ts";
import { inFolder } from "../../in_folder.ts";
import type { Tried } from "./tried.ts";

/** The number of tensors of the model; each is one write of the save. */
const tensors = 64;

/** Kills a save at each of its calls. The file must then hold the old or the new model, and the next save nothing else. */
export async function killSaves(seed: number): Promise<Tried> {
  const faults: string[] = [];
  if (Deno.build.os !== "linux" || !(await straceWorks())) return { kills: 0, faults };
  let kills = 0;
  await inFolder(async (folder) => {
    const path = `${folder}/m.ym`;
    writeModel(path, markedModel(1, tensors));
    const { calls, paths } = await callsOfSave(folder, { seed, tensors });
    for (const call of calls) {
      const title = `save with seed ${seed}, killed at ${call.kind} ${call.when}`;
      writeModel(path, markedModel(1, tensors));
      const { signal } = await saveTraced(folder, { strace: at(call, "signal=SIGKILL", paths), seed, tensors });
      if (signal !== "SIGKILL") faults.push(`${title}: it was not killed`);
      kills++;
      const left = readModel(path);
      if (![1, 2].some((mark) => equal(left, markedModel(mark, tensors)))) {
        faults.push(`${title}: neither the old nor the new model`);
      }
      writeModel(path, markedModel(3));
      const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
      if (names.length > 1) faults.push(`${title}: the next save left ${names.join(", ")}`);
    }
  });
  return { kills, faults };
}
