/**
 * All declarations of options that modules of some folders export, with the values at and beside the bounds that each
 * option takes.
 *
 * @module
 */

import type { AnyOption } from "../../core/options/option.ts";
import { isMutated } from "../proof/mutants/exclusions.ts";
import { optionAsText } from "./option_text.ts";
import type { Recording } from "./recording.ts";

const root = new URL("../../", import.meta.url);
const folders = ["optim", "layers", "data", "model", "views", "cli"];

/** Modules that are programs. */
const PROGRAMS = /\/worker\.ts$/;

function modulesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? modulesIn(path) : isMutated(path) && !PROGRAMS.test(path) ? [path] : [];
  }).sort();
}

function isOption(value: unknown): value is AnyOption {
  return typeof value === "object" && value !== null && "accepts" in value && "expected" in value && "refuse" in value;
}

/** Numbers around all that bound an option somewhere. */
const numbers = [-Infinity, -2, -1, -0.5, 0, 1e-9, 0.5, 0.999, 1, 1.5, 2, 3, 10, 2 ** 31, 2 ** 53, Infinity, NaN];

/** The options within a value: an option of its own, or those of a declaration. */
function optionsIn(name: string, value: unknown): [string, AnyOption][] {
  if (isOption(value)) return [[name, value]];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, AnyOption] => isOption(entry[1])).map((
    [option, one],
  ) => [`${name}.${option}`, one]);
}

function lineOf(name: string, option: AnyOption): string {
  const text = "help" in option ? optionAsText(option) : `${Reflect.get(option, "expected")}`;
  const taken = numbers.filter((number) => option.accepts(number));
  return `${name}: ${text}${taken.length === 0 ? "" : `; takes ${taken.join(" ")}`}`;
}

async function texts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of folders.flatMap(modulesIn)) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(path, root).href);
    const lines = Object.entries(module).flatMap(([name, value]) =>
      optionsIn(name, value).map(([title, option]) => lineOf(title, option))
    );
    if (lines.length > 0) found[path] = lines.join("\n");
  }
  return found;
}

/** All exported declarations. */
export const declarationRecording: Recording = { name: "declarations", texts };
