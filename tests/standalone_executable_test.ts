/**
 * The command line as one executable, made by `deno compile`.
 *
 * Deno puts programs into a runtime called denort, which it fetches from dl.deno.land. The test that builds and runs
 * the executable is skipped, with a message, if denort was not fetched before and `DENORT_BIN` does not name one.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";

const root = new URL("..", import.meta.url);

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: root, env: { NO_COLOR: "1" } })
    .output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Whether a denort of this version is available. */
async function hasDenort(): Promise<boolean> {
  if (Deno.env.get("DENORT_BIN")) return true;
  const { denoDir } = JSON.parse(await run(Deno.execPath(), "info", "--json"));
  try {
    const files = [...Deno.readDirSync(`${denoDir}/dl/release/v${Deno.version.deno}`)];
    return files.some(({ name }) => name.startsWith("denort-"));
  } catch {
    return false;
  }
}

const ignore = !await hasDenort();
if (ignore) console.warn("The test of the compiled executable is skipped: there is no denort");

Deno.test("deno compile finds all modules that the program loads late", async () => {
  const { modules } = JSON.parse(await run(Deno.execPath(), "info", "--json", "examples/mnist.ts"));
  const files = modules.map(({ specifier }: { specifier: string }) => specifier.replace(root.href, ""));
  for (
    const late of ["core/wasm/backend.ts", "core/webgpu/backend.ts", "model/search/worker.ts", "cli/search/build.ts"]
  ) assert(files.includes(late), `${late} is missing`);
});

Deno.test({ ignore, name: "the compiled command line trains, and searches with workers" }, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const program = `${folder}/mnist`;
    await run(Deno.execPath(), "compile", "-A", "--quiet", "--output", program, "examples/mnist.ts");
    const small = ["--data", "digits", "--train-size", "500", "--epochs", "1", "--device", "wasm", "--json"];
    const lines = (await run(program, "logistic_regression", ...small)).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    assertEquals(lines[0].event, "start");
    assertEquals(lines.at(-1).event, "end");
    const search = ["search", "mlp", "--set", "nUnits=10,20", "--parallel", "2", ...small];
    assertMatch(await run(program, ...search), /"event": ?"end"/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
