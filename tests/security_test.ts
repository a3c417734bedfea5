import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";

const root = join(import.meta.dirname!, "..");
const folders = ["core", "layers", "optim", "data", "model", "views", "cli"];

/** The sources of the package without comments, by path. */
function* sources(folder: string): Generator<readonly [path: string, text: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts") && !/_test\.ts$|^test_|^testing\.ts$/.test(name)) {
      const text = Deno.readTextFileSync(join(root, path));
      yield [path, text.replaceAll(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, "")];
    }
  }
}

const all = folders.flatMap((folder) => [...sources(folder)]);

/** The files whose text matches. */
function filesWith(pattern: RegExp): string[] {
  return all.filter(([, text]) => pattern.test(text)).map(([path]) => path).sort();
}

Deno.test("no code is made from text, and few modules are imported by a name that is computed", () => {
  assert(all.length > 300);
  assertEquals(filesWith(/\beval\s*\(|\bFunction\s*\(["'`]|new Function\b|setTimeout\(\s*["'`]/), []);
  assertEquals(filesWith(/(?<![#.\w])import\((?!["'])[^)]/), [
    "data/libraries/import_library.ts",
    "model/search/worker.ts",
  ]);
});

Deno.test("only the loader of MNIST uses the network", () => {
  const requests =
    /(?:await|return|=>) fetch\((?!…)|globalThis\.fetch|new WebSocket|XMLHttpRequest|Deno\.connect|sendBeacon/;
  assertEquals(filesWith(requests), ["data/mnist/download.ts"]);
});

Deno.test("no other program is started", () => {
  assertEquals(filesWith(/Deno\.Command|child_process/), []);
});

Deno.test("models are loaded with permission to read their files and nothing else, and change no prototype", async () => {
  const files = join(root, "tests", "formats");
  const names = [...Deno.readDirSync(files)].map(({ name }) => name).filter((name) => /\.y[mc]$/.test(name));
  const entry = new URL("../model/mod.ts", import.meta.url).href;
  const program = `import { loadModel, readConfiguration } from ${JSON.stringify(entry)};
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    for (const name of ${JSON.stringify(names)}) {
      const path = ${JSON.stringify(files)} + "/" + name;
      if (name.endsWith(".ym")) loadModel(path); else readConfiguration(path);
    }
    try { readConfiguration(${JSON.stringify(join(files, "journal_1_grid.jsonl"))}); } catch {}
    console.log(Object.getOwnPropertyNames(Object.prototype).join() === before);`;
  const args = ["run", "--no-check", "--no-prompt", `--allow-read=${files}`, "-"];
  const child = new Deno.Command(Deno.execPath(), {
    ...{ args, cwd: root, stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, "true\n"], new TextDecoder().decode(stderr));
});
