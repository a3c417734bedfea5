/**
 * The minimum permissions of the command line, and its messages if one is missing.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));
const small = ["--data", "digits", "--train-size", "100", "--epochs", "1", "--device", "wasm", "--quiet"];
const search = ["search", "mlp", "--set", "nUnits=5,6", ...small];

/** Runs the command line with some permissions, and returns its exit code and messages. */
async function mnist(permissions: readonly string[], ...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", ...permissions, "examples/mnist.ts", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(stderr) };
}

/** The folder in which Deno caches compiled programs, so that they need not be compiled again. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("training on built-in digits with all threads needs no permission", async () => {
  const { code, said } = await mnist([], "logistic_regression", ...small);
  assertEquals(code, 0, said);
});

Deno.test("a folder of data needs only permission to read it, and the message has the flag", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["logistic_regression", "--data", folder, "--device", "wasm"];
    const refused = await mnist([], ...args);
    assertEquals(refused.code, 3);
    assertStringIncludes(refused.said, `--allow-read=${folder}`);
    const { said } = await mnist([`--allow-read=${folder}`], ...args);
    assertStringIncludes(said, `Cannot find train-images-idx3-ubyte in ${folder}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the cache needs the environment, reading, writing and the network, and the message has all flags", async () => {
  const { code, said } = await mnist([], "logistic_regression", "--data", "mnist");
  assertEquals(code, 3);
  assertStringIncludes(said, "run with --allow-env=");
  assertStringIncludes(said, "--allow-net --allow-read --allow-write");
});

Deno.test("without a home directory the built-in digits are used, and the message says why", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "examples/mnist.ts", "logistic_regression", "--train-size", "100", "--epochs", "1"],
    cwd: root,
    clearEnv: true,
    env: { NO_COLOR: "1", DENO_DIR: await denoDir() },
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 0, said);
  assertStringIncludes(said, "BUILT-IN SYNTHETIC DIGITS");
  assertStringIncludes(said, "is set; name another directory");
});

Deno.test("a search with a journal needs its folder, with workers also that of the program", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const journal = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const alone = await mnist(journal, ...search, "--journal", `${folder}/rows.jsonl`);
    assertEquals(alone.code, 0, alone.said);
    const refused = await mnist(journal, ...search, "--parallel", "2");
    assertEquals(refused.code, 3);
    assertStringIncludes(refused.said, `--allow-read=${root}`);
    const together = await mnist([`--allow-read=${root}`], ...search, "--parallel", "2");
    assertEquals(together.code, 0, together.said);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
