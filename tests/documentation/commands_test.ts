import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import { type Page, readPages, root } from "./pages.ts";

/** Lines of shell commands: those of sh blocks, with continuation lines joined, and code in sentences that calls deno. */
function commandsOf({ path, blocks, prose }: Page): { path: string; command: string }[] {
  const shell = blocks.filter(({ words: [language] }) => language === "sh" || language === "yaml");
  const lines = shell.flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, "").split("\n"));
  const inline = [...prose.matchAll(/`((?:deno|npx) [^`]+)`/g)].map(([, code]) => code);
  return [...lines, ...inline].flatMap((line) => line.split(" && ")).map((line) => ({
    path,
    command: line.replace(/\s+#.*/, ""),
  }));
}

/** The help of a program for a command line that starts with this word: the help of a command, or the general help. */
async function helpOf(program: string, word: string): Promise<string> {
  const args = ["run", "-A", "--no-check", program, ...(word ? [word] : []), "--help"];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root, env: { NO_COLOR: "1" } })
    .output();
  const text = new TextDecoder();
  return text.decode(stdout) + text.decode(stderr);
}

async function programsIn(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { name } of Deno.readDir(root + folder)) names.add(`${folder}/${name}`);
  return names;
}

Deno.test("every task and every program that the pages name exists", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as { tasks: Record<string, unknown> };
  const files = new Set([...await programsIn("examples"), ...await programsIn("cli"), ...await programsIn("scripts")]);
  const wrong = (await readPages()).flatMap(commandsOf).filter(({ command }) => {
    const [, task] = /\bdeno task ([\w:]+)/.exec(command) ?? [];
    const [, program] = /\b((?:examples|cli|scripts)\/\w+\.ts)\b/.exec(command) ?? [];
    return task !== undefined && !(task in tasks) || program !== undefined && !files.has(program);
  });
  assertEquals(wrong, []);
});

Deno.test("every option that the pages give to a program is in its help", async () => {
  const help = new Map<string, string>();
  const wrong: string[] = [];
  for (const { path, command } of (await readPages()).flatMap(commandsOf)) {
    const [, program, options = ""] = /\b(examples\/(?:mnist|hp_grid_search)\.ts)\b(.*)/.exec(command) ?? [];
    if (program === undefined) continue;
    const [, word = ""] = /^ ([a-z]+)\b(?!-)/.exec(options) ?? [];
    const key = `${program} ${word}`;
    if (!help.has(key)) help.set(key, await helpOf(program, word));
    for (const [option] of options.matchAll(/(?<![\w-])--[a-z][\w-]*/g)) {
      const known = new RegExp(`${option.replaceAll("_", "-")}(?![\\w-])`).test(help.get(key)!);
      if (!known) wrong.push(`${path}: ${program} has no option ${option}: ${command}`);
    }
  }
  assertEquals(wrong, []);
});

/** What Deno prints. */
async function outputOf(...args: readonly string[]): Promise<string> {
  const options = { args: [...args], cwd: root, env: { NO_COLOR: "1" } };
  return new TextDecoder().decode((await new Deno.Command(Deno.execPath(), options).output()).stdout);
}

Deno.test("deno task test FILE runs the tests of that file only", async () => {
  const file = "tests/documentation/pages_test.ts";
  const running = (await outputOf("task", "test", file)).matchAll(/^running \d+ tests from (.*)$/gm);
  assertEquals([...running].map(([, file]) => file), [`./${file}`]);
});

/** A command line that was run. */
interface Tried {
  readonly command: string;
  /** Its exit code and its messages; nothing if it succeeded. */
  readonly failure: string;
  readonly output: string;
}

/** Runs a command line in a shell, in the root, with an empty folder `$DIR`, and without permission prompts. */
async function tryIt(command: string): Promise<Tried> {
  const folder = await Deno.makeTempDir();
  try {
    const env = {
      DIR: folder,
      DENO_NO_PROMPT: "1",
      NO_COLOR: "1",
      PATH: `${dirname(Deno.execPath())}:${pathOfShell()}`,
    };
    const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", command], cwd: root, env }).output();
    const text = new TextDecoder();
    const failure = code === 0 ? "" : `${command}: exit code ${code}\n${text.decode(stderr)}`;
    return { command, failure, output: text.decode(stdout) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function pathOfShell(): string {
  return Deno.env.get("PATH") ?? "";
}

Deno.test("the commands of blocks marked try work as they are, with exactly their permissions, and print what they are for", async () => {
  const commands = (await readPages()).flatMap(({ blocks }) => blocks)
    .filter(({ words }) => words[0] === "sh" && words[1] === "try")
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, "").split("\n")).filter((line) => /^\w/.test(line));
  assert(commands.length > 0);
  const tried = await Promise.all(commands.map(tryIt));
  assertEquals(tried.map(({ failure }) => failure).filter((failure) => failure !== ""), []);
  const documented = tried.filter(({ command }) => command.startsWith("deno doc --filter"));
  assertEquals(documented.map(({ command }) => /--filter (\S+) mod\.ts/.exec(command)?.[1]), [
    "denseLayer",
    "Model.train",
  ]);
  assertStringIncludes(documented[0].output, "function denseLayer(");
  assertStringIncludes(documented[1].output, "train(options");
});
