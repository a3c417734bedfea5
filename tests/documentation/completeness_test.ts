import { assertEquals } from "@std/assert";
import * as activations from "../../layers/activations.ts";
import * as initialisers from "../../layers/init.ts";
import { layerKinds } from "../../layers/mod.ts";
import { metrics, objectives, updates } from "../../optim/mod.ts";
import * as schedules from "../../optim/schedules.ts";
import { readPages } from "./pages.ts";

/** The functions of a module by name. */
function functionsOf(module: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(module).filter((name) => typeof module[name] === "function");
}

async function missingFrom(path: string, names: readonly string[]): Promise<string[]> {
  const page = (await readPages()).find((page) => page.path === path);
  const code = new Set([...page?.prose.matchAll(/`([\w.]+)/g) ?? []].map(([, name]) => name));
  return names.filter((name) => !code.has(name));
}

Deno.test("the maths of every activation, initialiser, objective, metric, update rule and schedule is told", async () => {
  const names = [
    ...functionsOf(activations),
    ...functionsOf(initialisers),
    ...functionsOf(schedules),
    ...Object.keys(objectives),
    ...Object.keys(metrics),
    ...Object.keys(updates),
  ];
  assertEquals(await missingFrom("docs/maths.md", names), []);
});

Deno.test("the maths of every kind of layer is told", async () => {
  assertEquals(await missingFrom("docs/maths_layers.md", layerKinds), []);
});

Deno.test("no formula in a sentence is broken over lines, or holds what Markdown takes for an escape", async () => {
  const wrong = (await readPages()).filter(({ path }) => path.startsWith("docs/maths")).flatMap(({ path, prose }) =>
    prose.split("\n").map((line) => line.replaceAll(/`[^`]*`/g, "")).filter((line) => {
      const formulas = line.match(/\$[^$]*\$/g) ?? [];
      return line.split("$").length % 2 === 0 || formulas.some((formula) => /\\[,;!{}_\\]/.test(formula));
    }).map((line) => `${path}: ${line}`)
  );
  assertEquals(wrong, []);
});
