import { assert, assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import type { AnyDeclaration, AnyOption } from "../../core/options/option.ts";
import { root } from "./pages.ts";

/** An interface of options: the interfaces that it extends, and its docstrings. */
interface Documented {
  readonly extended: readonly string[];
  readonly docs: ReadonlyMap<string, string>;
}

/** A record of declared options, with the interface that documents them. */
interface Declared {
  readonly interfaceName: string;
  readonly options: AnyDeclaration;
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (/(?<!_test)\.ts$/.test(name) && !name.startsWith("test_")) yield `${folder}/${name}`;
  }
}

function documentedIn(text: string): [name: string, Documented][] {
  const interfaces = text.matchAll(/^(?:export )?interface (\w+)(?: extends ([^{]+))? \{\n([^]*?)^\}/gm);
  return [...interfaces].map(([, name, extended = "", body]) => {
    const members = body.matchAll(/\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s+readonly (\w+)\??:/g);
    const docs = new Map([...members].map(([, doc, member]) => [member, doc.replaceAll(/\s+\*?\s*/g, " ").trim()]));
    return [name, { extended: extended.match(/[A-Z]\w+/g) ?? [], docs }];
  });
}

/** The exported declarations of a file, which are records of options or kinds of layers. */
async function declaredIn(path: string, text: string): Promise<Declared[]> {
  const statements = text.split("\n\n").flatMap((statement) => {
    const name = /^export const (\w+) = \{/m.exec(statement)?.[1];
    const interfaceName = /satisfies Declaration<(\w+)>/.exec(statement)?.[1];
    return name && interfaceName ? [{ name, interfaceName }] : [];
  });
  if (statements.length === 0) return [];
  const module = await import(toFileUrl(root + path).href);
  return statements.map(({ name, interfaceName }) => ({
    interfaceName,
    options: module[name].options ?? module[name],
  }));
}

async function everythingIn(folders: readonly string[]): Promise<{
  readonly interfaces: ReadonlyMap<string, Documented>;
  readonly declared: readonly Declared[];
}> {
  const interfaces = new Map<string, Documented>();
  const declared: Declared[] = [];
  for (const folder of folders) {
    for await (const path of sources(folder)) {
      const text = await Deno.readTextFile(root + path);
      for (const [name, documented] of documentedIn(text)) interfaces.set(name, documented);
      declared.push(...await declaredIn(path, text));
    }
  }
  return { interfaces, declared };
}

function docOf(interfaces: ReadonlyMap<string, Documented>, name: string, option: string): string | undefined {
  const { docs, extended } = interfaces.get(name) ?? { docs: new Map<string, string>(), extended: [] };
  return docs.get(option) ?? extended.map((other) => docOf(interfaces, other, option)).find((doc) => doc !== undefined);
}

/** A value or a phrase without quotes, and without the spaces of lists and records. */
function plain(text: string): string {
  return text.replaceAll(/["`_]|(?<=[[{,:]) | (?=[\]}])/g, "");
}

/** Whether a docstring has the default of an option; it may have several: `default: 0.9, or 0.95 for another rule`. */
function hasDefault(doc: string, { default: value, otherwise }: AnyOption): boolean {
  const written = /\bdefault: (.*)$/i.exec(doc)?.[1];
  if (written === undefined || (otherwise === undefined && value === undefined)) {
    return written === undefined && otherwise === undefined && value === undefined;
  }
  const expected = plain(otherwise ?? (typeof value === "string" ? value : JSON.stringify(value)));
  return written.split(", or ").map(plain).some((text) =>
    typeof value === "number"
      ? Number.parseFloat(text) === value
      : new RegExp(`^${RegExp.escape(expected)}(?!\\w)`).test(text)
  );
}

Deno.test("the docstring of each option has the default of its declaration", async () => {
  // Pictures by themselves, since they have interfaces with the names of others.
  for (const [folders, least] of [[["layers", "optim", "data"], 30], [["views"], 10]] as const) {
    const { interfaces, declared } = await everythingIn(folders);
    assert(declared.length > least, `only ${declared.length} declarations were found`);
    const wrong = declared.flatMap(({ interfaceName, options }) =>
      Object.entries(options).flatMap(([name, option]) => {
        const doc = docOf(interfaces, interfaceName, name);
        return doc === undefined || hasDefault(doc, option) ? [] : [`${interfaceName}.${name}: ${doc}`];
      })
    );
    assertEquals(wrong, []);
  }
});

Deno.test("the docstring of each option starts with the words of its help text", async () => {
  for (const folders of [["layers", "data"], ["views"]]) {
    const { interfaces, declared } = await everythingIn(folders);
    const wrong = declared.flatMap(({ interfaceName, options }) =>
      Object.entries(options).flatMap(([name, { help }]) => {
        const doc = docOf(interfaces, interfaceName, name)?.replaceAll("`", "").replace(/^(?:The|An?) /, "");
        const starts = doc === undefined || doc.toLowerCase().startsWith(help.toLowerCase());
        return starts ? [] : [`${interfaceName}.${name}: expected "${help}", got "${doc}"`];
      })
    );
    assertEquals(wrong, []);
  }
});

Deno.test("a default is found in a docstring, as a value, in words, or among several", () => {
  const option = (given: Partial<AnyOption>) => ({ default: undefined, otherwise: undefined, ...given }) as AnyOption;
  assert(hasDefault("The rate; default: 0.1, or 1e-3 for others.", option({ default: 0.001 })));
  assert(hasDefault('Of W; default: `["a", { b: 1 }]`.', option({ default: ["a", { b: 1 }] })));
  assert(hasDefault("The axes; default: all axes.", option({ otherwise: "all axes" })));
  assert(!hasDefault("The axes; default: 15.", option({ default: 1 })));
  assert(!hasDefault("The axes.", option({ default: 1 })));
  assert(!hasDefault("The axes; default: 1.", option({})));
});
