/**
 * Programs of pages, and what the pages say that they print: in a block marked `text printed`, below the code.
 *
 * The blocks of a page that are marked `ts ignore page` are one program. In README each block is a program. These run
 * as a reader has them: in a folder with the package and nothing else. `deno test --doc` runs the blocks of all other
 * pages, each separately; here run those of which the page shows what they print. Of blocks marked `ts ignore browser`
 * only the types are checked.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { inFolder } from "../in_folder.ts";
import { type Block, type Page, readPages, root } from "./pages.ts";
import { isPrinted } from "./printed.ts";

/** Consecutive blocks of code. */
interface Program {
  /** The page and the line of the first block. */
  readonly title: string;
  /** Whether nothing but the package may be imported. */
  readonly alone: boolean;
  readonly blocks: readonly Block[];
  /** What each block prints according to the page; undefined if the page does not show it. */
  readonly shown: readonly (string | undefined)[];
}

const isCode = ({ words: [language, mark] }: Block) => language === "ts" && mark === undefined;
const isPrintedBlock = (block?: Block) => block?.words.join(" ") === "text printed";

/** The programs of a page that run here. */
function programsOf({ path, blocks }: Page): Program[] {
  const shownBelow = (block: Block): string | undefined => {
    const next = blocks[blocks.indexOf(block) + 1];
    return isPrintedBlock(next) ? next.text : undefined;
  };
  const program = (alone: boolean, parts: readonly Block[]): Program => (
    { title: `${path}:${parts[0].line}`, alone, blocks: parts, shown: parts.map(shownBelow) }
  );
  const parts = blocks.filter(({ words }) => words.includes("page"));
  const alone = path === "README.md";
  const single = blocks.filter((block) => isCode(block) && (alone || shownBelow(block) !== undefined));
  return [...parts.length > 0 ? [program(true, parts)] : [], ...single.map((block) => program(alone, [block]))];
}

const text = new TextDecoder();

/** What a line of output cannot be. */
const mark = "\u0000";

/** Writes the programs into numbered folders of a project that has the package, as after `deno add`. */
async function writeProject(folder: string): Promise<string[]> {
  const yadll = "jsr:@yadll/yadll";
  // Members of a linked workspace can be imported by their names, too.
  const compilerOptions = { lib: ["dom", "dom.iterable", "esnext", "deno.ns"] };
  const config = { imports: { "@yadll/yadll": yadll }, links: [root], compilerOptions };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
  // Results on a GPU differ in their last digits.
  const device = `import { setDevice } from "${yadll}/core";\nawait setDevice("wasm", { native: false, threads: 2 });`;
  await Deno.writeTextFile(`${folder}/device.ts`, device);
  return await Promise.all(programs.map(async ({ blocks }, i) => {
    const code = blocks.map(({ text }) => text).join(`\nconsole.log(${JSON.stringify(mark)});\n`);
    await Deno.mkdir(`${folder}/${i}`);
    await Deno.writeTextFile(`${folder}/${i}/program.ts`, code);
    return `${folder}/${i}`;
  }));
}

/** The modules that code imports, apart from those of the package. */
function othersIn(code: string): string[] {
  const specifiers = [...code.matchAll(/^(?:import|\} from|import .* from) "([^"]+)";$/gm)].map(([, name]) => name);
  return specifiers.filter((name) => name !== "@yadll/yadll" && !name.startsWith("@yadll/yadll/"));
}

/** Runs Deno and returns what it printed. */
async function deno(cwd: string, ...args: readonly string[]): Promise<string> {
  const options = { args: [...args], cwd, env: { NO_COLOR: "1" } };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  assertEquals(code, 0, text.decode(stderr));
  return text.decode(stdout);
}

const pages = await readPages();
const programs = pages.flatMap(programsOf);

/** Blocks of programs for browsers. */
const forBrowsers = pages.flatMap(({ blocks }) => blocks).filter(({ words }) => words.includes("browser"));

Deno.test("programs of pages have no type errors, run, import nothing else, and print what the pages show", (test) =>
  inFolder(async (folder) => {
    const folders = await writeProject(folder);
    assert(forBrowsers.length > 0);
    const others = forBrowsers.map((_, i) => `browser_${i}.ts`);
    await Promise.all(others.map((name, i) => Deno.writeTextFile(`${folder}/${name}`, forBrowsers[i].text)));
    // One check for all, with the types of browsers: it takes as long as one for a single program.
    await test.step("types", async () => void await deno(folder, "check", "--no-lock", ...folders, ...others));
    const run = ["run", "-A", "--no-check", "--no-lock", "--preload=../device.ts", "program.ts"];
    const printing: Promise<string>[] = [];
    for (const [i, { title, alone, blocks, shown }] of programs.entries()) {
      // The next program runs at the same time.
      for (let next = printing.length; next < Math.min(i + 2, folders.length); next++) {
        printing.push(deno(folders[next], ...run));
        printing[next].catch(() => {});
      }
      await test.step(title, async () => {
        if (alone) assertEquals(blocks.flatMap(({ text }) => othersIn(text)), []);
        const printed = (await printing[i]).split(`${mark}\n`);
        shown.forEach((one, block) => {
          if (one === undefined || isPrinted(one, printed[block])) return;
          assertEquals(printed[block], one, `the block at line ${blocks[block].line}`);
        });
      });
    }
  }));

Deno.test("README and the tutorial show what their programs print, and no page shows it without a program", () => {
  const shownBy = (path: string) =>
    programs.filter(({ title }) => title.startsWith(`${path}:`)).flatMap((one) => one.shown);
  assertEquals(shownBy("README.md").filter((shown) => shown === undefined), []);
  assert(shownBy("README.md").length >= 2);
  assert(shownBy("docs/tutorial.md").filter((shown) => shown !== undefined).length >= 10);
  const blocks = pages.flatMap(({ blocks }) => blocks).filter(isPrintedBlock).map(({ text }) => text);
  assertEquals(
    programs.flatMap(({ shown }) => shown).filter((shown) => shown !== undefined).toSorted(),
    blocks.toSorted(),
  );
});
