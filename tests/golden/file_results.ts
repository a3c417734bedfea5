/**
 * Crafted models and configurations: what is read of them, or why they are refused.
 *
 * @module
 */

import { join } from "@std/path";
import { setDevice } from "../../core/device.ts";
import { decodeModel, encodeConfiguration, encodeModel, loadModel, model, readConfiguration } from "../../model/mod.ts";
import { folder } from "../formats/observe.ts";
import { oneHotData, smallData } from "../formats/samples.ts";
import { craftConfiguration, craftModel, randomOf } from "../hostile_models/craft.ts";
import { inFolder } from "../in_folder.ts";
import { digestOf, type Recording } from "./recording.ts";
import { joined, outcomeOf } from "./reader_results.ts";

function recordedFiles(suffix: string): [name: string, bytes: Uint8Array<ArrayBuffer>][] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(suffix)).sort();
  return names.map((name) => [name, Deno.readFileSync(join(folder, name))]);
}

/** Long outcomes are shortened. */
function short(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

async function craftedTexts(): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  await inFolder(async (within) => {
    for (const suffix of [".ym", ".yc"]) {
      const valid = recordedFiles(suffix);
      const lines: string[] = [];
      const path = join(within, `crafted${suffix}`);
      for (let seed = 1; seed <= 150; seed++) {
        const random = randomOf(seed);
        const [, original] = valid[random(valid.length)];
        const crafted = suffix === ".ym"
          ? craftModel(random, original)
          : new TextEncoder().encode(craftConfiguration(random, new TextDecoder().decode(original)));
        Deno.writeFileSync(path, crafted);
        const read = () =>
          suffix === ".ym" ? loadModel(path, { data: smallData() }) : model({ data: oneHotData() }).fromConf(path);
        const outcome = await outcomeOf(() => read().summary());
        lines.push(`${seed}: ${short(outcome.replaceAll(path, `crafted${suffix}`))}`);
      }
      found[`crafted ${suffix} files`] = lines.join("\n");
    }
  });
  return found;
}

/** The recorded files of all versions, read and written again. */
async function writtenTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, bytes] of recordedFiles(".ym")) {
    const file = decodeModel(bytes, name);
    const written = joined(encodeModel(file));
    const length = Number(new DataView(written.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(written.subarray(8, 8 + length));
    found[name] = `${written.length} bytes, ${await digestOf(written)}\n${
      header.replaceAll(/"yadll":"[\d.]+"/g, '"yadll":"N"')
    }`;
    found[`summary of ${name}`] = loadModel(join(folder, name), { data: smallData() }).summary();
  }
  for (const [name] of recordedFiles(".yc")) {
    found[name] = encodeConfiguration(readConfiguration(join(folder, name)));
  }
  return found;
}

/** Files that contradict themselves. */
export const craftedFileRecording: Recording = { name: "crafted_files", texts: craftedTexts };

/** Files as they are written. */
export const writtenFileRecording: Recording = { name: "written_files", texts: writtenTexts };
