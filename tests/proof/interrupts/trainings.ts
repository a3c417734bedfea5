/**
 * Trainings that are killed or interrupted at random times, and resumed until they end.
 *
 * @module
 */

import { equal } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { exists } from "../../../cli/files/check_writable.ts";
import { readModel } from "../../../model/mod.ts";
import { contentOf, withoutTimes } from "../../../model/training/test_resuming.ts";
import { inFolder } from "../../in_folder.ts";
import { delaysOf, durationOf, kill, spawn, type Tried, waitFor } from "./tried.ts";

const training = fromFileUrl(import.meta.resolve("../../../model/training/test_resuming.ts"));
const commandLine = fromFileUrl(import.meta.resolve("../../../examples/mnist.ts"));

/** The number of processes that are stopped before the one that may end. */
const STOPS = 3;

/**
 * The longest delay between the first file of a process and its end, of the time that an uninterrupted one takes from
 * there: what is left to do after each stop is at least as much again, so nearly all processes are stopped while they
 * train, however busy the machine is.
 */
const SHARE = 1 / (STOPS + 1);

/** The step at which the training ends itself, which is none, and its epochs. */
const length = ["never", "100"];

/** Kills a training that saves after each epoch, some times, and resumes it. It must end with the bits of a whole one. */
export async function killTrainings(seed: number): Promise<Tried> {
  const [faults, delay]: [string[], ReturnType<typeof delaysOf>] = [[], delaysOf(seed)];
  let kills = 0;
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const duration = await durationOf(() => exists(whole), spawn(training, [whole, "anew", ...length]));
    for (let stop = 0; stop < STOPS; stop++) {
      const before = exists(part) ? Deno.statSync(part).mtime?.getTime() : 0;
      const child = spawn(training, [part, before === 0 ? "anew" : "resume", ...length]);
      await waitFor(() => exists(part) && Deno.statSync(part).mtime?.getTime() !== before, child);
      await delay(SHARE * duration);
      kill(child, "SIGKILL");
      if ((await child.status).signal === "SIGKILL") kills++;
    }
    await spawn(training, [part, "resume", ...length]).status;
    if (!equal(contentOf(part), contentOf(whole))) {
      faults.push(`a training killed with seed ${seed} ends with other bits`);
    }
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    if (names.length !== 2) faults.push(`a training killed with seed ${seed} leaves ${names.join(", ")}`);
  });
  return { kills, faults };
}

const small = ["dropout", "--data", "digits", "--train-size", "200", "--device", "wasm", "--epochs", "200", "--quiet"];
const settings = ["--seed", "5", "--set", "nUnits=20", "--no-early-stopping"];

/** Interrupts the command line some times as a user does, and resumes it. It must end with the bits of a whole run. */
export async function interruptTrainings(seed: number): Promise<Tried> {
  const [faults, delay]: [string[], ReturnType<typeof delaysOf>] = [[], delaysOf(seed)];
  let kills = 0;
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole/model.ym`, `${folder}/part/model.ym`];
    const wholeEvents = `${folder}/whole/events.jsonl`;
    const begun = () => exists(wholeEvents) && Deno.statSync(wholeEvents).size > 0;
    const duration = await durationOf(
      begun,
      spawn(commandLine, [...small, ...settings, "--out", "whole"], folder),
    );
    for (let stop = 0; stop < STOPS; stop++) {
      const args = stop === 0 ? [...small, ...settings, "--out", "part"] : ["train", "--resume=part"];
      const events = `${folder}/part/events.jsonl`;
      const before = exists(events) ? Deno.statSync(events).size : 0;
      const child = spawn(commandLine, args, folder);
      await waitFor(() => exists(events) && Deno.statSync(events).size > before, child);
      await delay(SHARE * duration);
      kill(child, "SIGINT");
      const { code } = await child.status;
      if (code === 130) kills++;
      else if (code !== 0) faults.push(`a run interrupted with seed ${seed} ends with exit code ${code}`);
    }
    await spawn(commandLine, ["train", "--resume=part"], folder).status;
    const [one, other] = [whole, part].map((file) => withoutTimes(readModel(file).groups));
    if (!equal(other, one)) faults.push(`a run interrupted with seed ${seed} ends with other bits`);
  });
  return { kills, faults };
}
