/**
 * Saves, trainings and searches that are killed or interrupted: their files stay whole, and resumed ones end with the
 * same bits.
 *
 * @module
 */

import { setDevice } from "../../../core/device.ts";
import { counted } from "../page.ts";
import type { Suite } from "../suite.ts";
import { killSaves } from "./saves.ts";
import { killSearches } from "./searches.ts";
import { interruptTrainings, killTrainings } from "./trainings.ts";
import type { Tried } from "./tried.ts";

/** How often each is tried by default. */
const COUNT = 10;

/** What is tried, by title. */
const attempts: Readonly<Record<string, (seed: number) => Promise<Tried>>> = {
  "saves, killed at each of their system calls": killSaves,
  "trainings that save after each epoch, killed at random times": killTrainings,
  "runs of the command line, interrupted at random times": interruptTrainings,
  "searches with a journal, killed at random times": killSearches,
};

/** Kills and interrupts, many times. */
export const interrupts: Suite = {
  name: "interrupts",
  description:
    "The files that processes leave when they are killed or interrupted, with whole ones; and what they compute after " +
    "they have been resumed, with what an uninterrupted process computes, bit for bit.",
  async run({ seed, count = COUNT, log }) {
    const faults: string[] = [];
    const rows: string[] = [];
    let kills = 0;
    await setDevice("wasm");
    for (const [title, attempt] of Object.entries(attempts)) {
      let ofTitle = 0;
      for (let i = 0; i < count; i++) {
        const tried = await attempt(seed + i);
        faults.push(...tried.faults);
        ofTitle += tried.kills;
      }
      kills += ofTitle;
      log(`${title}: ${counted(ofTitle, "time")}`);
      rows.push(`| ${title} | ${count} | ${ofTitle} |`);
    }
    return {
      tried: `${counted(kills, "kill")} and interruptions`,
      faults,
      section: `| what | tried | stopped |\n| --- | --: | --: |\n${rows.join("\n")}`,
    };
  },
};
