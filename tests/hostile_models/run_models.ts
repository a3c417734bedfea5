/**
 * Loads crafted `.ym` and `.yc` files, and collects the errors that do not have the promised form.
 *
 * @module
 */

import { join } from "@std/path";
import { setDevice } from "../../core/mod.ts";
import { key } from "../../core/random/bits.ts";
import { loadModel, type Model, model } from "../../model/mod.ts";
import { folder } from "../formats/observe.ts";
import { oneHotData, smallData } from "../formats/samples.ts";
import { inFolder } from "../in_folder.ts";
import { craftConfiguration, craftModel, randomOf } from "./craft.ts";
import { wrongIn, wrongInAny } from "./verdict.ts";

/** The outcome of a run. */
export interface Outcome {
  /** Files that were loaded. */
  readonly loaded: number;
  /** Files that were refused with errors of the promised form. */
  readonly refused: number;
  /** The seeds of the others, with what was wrong. */
  readonly faults: readonly string[];
}

/** Valid files, by the ends of their names. */
function validFiles(suffix: string): Uint8Array<ArrayBuffer>[] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(suffix)).sort();
  return names.map((name) => Deno.readFileSync(join(folder, name)));
}

/** Uses a model: its summary, its weights, and the beginning of a training. */
async function use(one: Model, training: { readonly resume?: string }): Promise<void> {
  one.summary();
  one.network.init(key(0));
  const events = one.events(training);
  await events.next();
  await events.return(undefined as never);
}

/** Loads and uses crafted files; their numbers are their seeds. */
export async function runModels(seeds: Iterable<number>, suffix: ".ym" | ".yc", trains = true): Promise<Outcome> {
  await setDevice("wasm");
  const valid = validFiles(suffix);
  const faults: string[] = [];
  let [loaded, refused] = [0, 0];
  await inFolder(async (within) => {
    const path = join(within, `crafted${suffix}`);
    for (const seed of seeds) {
      const random = randomOf(seed);
      const original = valid[random(valid.length)];
      const crafted = suffix === ".ym"
        ? craftModel(random, original)
        : new TextEncoder().encode(craftConfiguration(random, new TextDecoder().decode(original)));
      Deno.writeFileSync(path, crafted);
      let one: Model | undefined;
      try {
        one = suffix === ".ym" ? loadModel(path, { data: smallData() }) : model({ data: oneHotData() }).fromConf(path);
        if (trains) await use(one, suffix === ".ym" ? { resume: path } : {});
        loaded++;
      } catch (error) {
        const wrong = one === undefined ? wrongIn(error, path) : wrongInAny(error);
        if (wrong === undefined) refused++;
        else faults.push(`${suffix} ${seed}: ${wrong}`);
      }
    }
  });
  return { loaded, refused, faults };
}

if (import.meta.main) {
  const [count = "1000", first = "1"] = Deno.args;
  for (const suffix of [".ym", ".yc"] as const) {
    const seeds = Array.from({ length: Number(count) }, (_, i) => Number(first) + i);
    const { loaded, refused, faults } = await runModels(seeds, suffix);
    console.log(faults.join("\n"));
    console.log(`${suffix}: ${loaded} loaded, ${refused} refused, ${faults.length} with other errors`);
  }
}
