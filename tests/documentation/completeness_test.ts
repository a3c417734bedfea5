import { assert, assertEquals } from "@std/assert";
import * as activations from "../../core/functions/activations.ts";
import * as initialisers from "../../layers/initialization/initializers.ts";
import { layerKinds } from "../../layers/mod.ts";
import { metrics, objectives, updates } from "../../optim/mod.ts";
import * as schedules from "../../optim/schedules.ts";
import { readPages, root } from "./pages.ts";

/** The functions of a module by name. */
function functionsOf(module: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(module).filter((name) => typeof module[name] === "function");
}

async function missingFrom(path: string, names: readonly string[]): Promise<string[]> {
  const page = (await readPages()).find((page) => page.path === path);
  const code = new Set([...page?.prose.matchAll(/`([\w.]+)/g) ?? []].map(([, name]) => name));
  return names.filter((name) => !code.has(name));
}

Deno.test("the maths pages have every activation, initializer, objective, metric, update rule and schedule", async () => {
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

Deno.test("the maths pages have every kind of layer", async () => {
  assertEquals(await missingFrom("docs/maths_layers.md", layerKinds), []);
});

Deno.test("no formula in a sentence is broken over lines or contains what Markdown reads as an escape", async () => {
  const wrong = (await readPages()).filter(({ path }) => path.startsWith("docs/maths")).flatMap(({ path, prose }) =>
    prose.split("\n").map((line) => line.replaceAll(/`[^`]*`/g, "")).filter((line) => {
      const formulas = line.match(/\$[^$]*\$/g) ?? [];
      return line.split("$").length % 2 === 0 || formulas.some((formula) => /\\[,;!{}_\\]/.test(formula));
    }).map((line) => `${path}: ${line}`)
  );
  assertEquals(wrong, []);
});

/** The part of a declaration in `deno doc --json` that is used here. */
interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string };
  readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
  readonly def?: { readonly hasBody?: boolean };
}

interface Documentation {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly Exported[] }>>;
}

interface Exported {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

/** Whether a function has several signatures. Users see them, and not the implementation, which has a body. */
const isOverloaded = (declarations: readonly Declaration[]): boolean => declarations.some(({ def }) => !def?.hasBody);

/** `deno doc --lint` requires a text for every export; this test requires an example for every function. */
Deno.test("every exported function is documented with an example", async () => {
  const { exports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as { exports: Record<string, string> };
  const args = ["doc", "--json", ...Object.values(exports)];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root, stderr: "null" }).output();
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as Documentation;
  const functions = Object.values(nodes).flatMap(({ symbols }) => symbols).flatMap(({ name, declarations }) =>
    declarations.filter(({ kind, def }) => kind === "function" && !(def?.hasBody && isOverloaded(declarations)))
      .map((declaration) => ({ name, ...declaration }))
  );
  assert(functions.length > 100);
  const bare = functions.filter(({ jsDoc }) => !jsDoc?.tags?.some(({ kind }) => kind === "example"));
  assertEquals(bare.map(({ name, location }) => `${name} in ${location.filename.slice(`file://${root}`.length)}`), []);
});
