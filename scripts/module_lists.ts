/**
 * Writes the lists of modules that entries import side by side: `deno run -A scripts/module_lists.ts`.
 *
 * A loader finds a module when it has read the one that imports it, so a chain of imports is read one after the other.
 * A flat list lets it read all of them at once.
 *
 * @module
 */

import { fromFileUrl, relative } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));

/** A list: where it is, which entry it is for, and which of the entry's modules it has. */
interface ModuleList {
  readonly path: string;
  readonly entry: string;
  readonly has: RegExp;
}

/** All lists. */
export const moduleLists: readonly ModuleList[] = [
  { path: "core/modules.ts", entry: "model/mod.ts", has: /^core\// },
  { path: "core/wasm/modules.ts", entry: "core/mod.ts", has: /^core\/wasm\// },
  { path: "model/modules.ts", entry: "model/mod.ts", has: /^(?:optim|layers|data|model)\// },
];

interface GraphModule {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly isDynamic?: boolean; readonly code?: { readonly specifier?: string } }[];
}

/** The modules that an entry loads at its start, by their paths from the root, without those that only a list loads. */
async function loadedBy(entry: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: root }).output();
  const { roots, modules }: { roots: string[]; modules: GraphModule[] } = JSON.parse(new TextDecoder().decode(stdout));
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set<string>();
  const visit = (name: string | undefined): void => {
    const module = name === undefined ? undefined : byName.get(name);
    if (name === undefined || !module || found.has(name) || name.endsWith("/modules.ts")) return;
    found.add(name);
    for (const { isDynamic, code } of module.dependencies ?? []) if (!isDynamic) visit(code?.specifier);
  };
  visit(roots[0]);
  return [...found].map((name) => relative(root, fromFileUrl(name)).replaceAll("\\", "/")).sort();
}

/** The text of a list. */
export async function moduleListText({ path, entry, has }: ModuleList): Promise<string> {
  const excluded = /\/(?:mod|modules|default_device)\.ts$/;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const imports = (await loadedBy(entry)).filter((module) => has.test(module) && !excluded.test(module)).map((module) =>
    `import "${module.startsWith(`${folder}/`) ? `./${module.slice(folder.length + 1)}` : `../${module}`}";`
  );
  return `/**\n * All modules that ${entry} loads from ${
    has.source.replaceAll(/[\^\\?:()]/g, "").replaceAll("|", ", ")
  }, so that they are read side by side. Written by scripts/module_lists.ts.\n *\n * @module\n */\n\n${
    imports.join("\n")
  }\n`;
}

if (import.meta.main) {
  for (const list of moduleLists) await Deno.writeTextFile(root + list.path, await moduleListText(list));
}
