/**
 * The command line as people run it: a process, its exit code, and what it writes where.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const program = fromFileUrl(new URL("../examples/mnist.ts", import.meta.url));

interface Surroundings {
  readonly permissions?: readonly string[];
  readonly env?: Record<string, string>;
}

function command(args: readonly string[], { permissions = ["-A"], env }: Surroundings = {}): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...permissions, program, ...args],
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", ...env },
  });
}

async function run(args: readonly string[], surroundings?: Surroundings): Promise<Finished> {
  const { code, stdout, stderr } = await command(args, surroundings).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

const small = ["--data", "digits", "--train-size", "300", "--epochs", "2", "--device", "wasm"];

Deno.test("the result goes to standard output, the rest to standard error", async () => {
  const { code, out, err } = await run(["logistic_regression", ...small]);
  assertEquals(code, 0);
  assertMatch(
    out,
    /^Optimization completed\.\nValidation score of [\d.]+ % obtained at iteration \d+, with test performance/,
  );
  assertStringIncludes(out, "NOT MNIST");
  const lines = err.trim().split("\n");
  assertMatch(lines[0], /^BUILT-IN SYNTHETIC DIGITS, NOT MNIST/);
  assertMatch(lines[1], /^Device: WebAssembly SIMD, \d+ threads?; asked for by --device wasm$/);
  assertMatch(lines[3], /^epoch 1, minibatch 1\/1, validation error [\d.]+ %, loss [\d.]+, [\d,]+ samples\/s$/);
  assertEquals(lines.length, 5);
});

Deno.test("JSON lines have the documented fields, and the same seed gives the same errors", async () => {
  const args = ["logistic-regression", ...small, "--json", "--quiet", "--seed", "3"];
  const { code, out } = await run(args);
  assertEquals(code, 0);
  const events: Record<string, unknown>[] = out.trim().split("\n").map((line) => JSON.parse(line));
  assert(events.every(({ version }) => version === 1));
  const has = (event: Record<string, unknown>, ...fields: string[]) =>
    fields.forEach((field) => assert(event[field] !== undefined && event[field] !== null, field));
  const [start, end] = [events[0], events.at(-1)!];
  assertEquals([start.event, end.event], ["start", "end"]);
  for (const event of [start, end]) has(event, "network", "device", "data", "seed", "warning");
  assertEquals([start.network, start.data, start.seed], ["logistic_regression", "digits", 3]);
  has(end, "epochs", "testError", "validationError", "seconds");
  const epochs = events.filter(({ event }) => event === "epoch");
  assertEquals(epochs.map(({ epoch }) => epoch), [1, 2]);
  for (const epoch of epochs) has(epoch, "trainLoss", "validationError", "seconds", "samplesPerSecond");
  const again = JSON.parse((await run(args)).out.trim().split("\n").at(-1)!);
  assertEquals([again.testError, again.validationError], [end.testError, end.validationError]);
});

Deno.test("without a network connection auto falls back to digits loudly, and mnist does not", async () => {
  const cache = await Deno.makeTempDir();
  const offline = {
    permissions: ["--allow-read", "--allow-env", "--allow-sys", `--allow-write=${cache}`],
    env: { XDG_CACHE_HOME: cache, HOME: cache },
  };
  const args = ["logistic_regression", "--epochs", "1", "--train-size", "100", "--device", "wasm"];
  const fallen = await run(args, offline);
  assertEquals(fallen.code, 0, fallen.err);
  assertMatch(fallen.err, /^BUILT-IN SYNTHETIC DIGITS, NOT MNIST/);
  assertStringIncludes(fallen.out, "NOT MNIST");
  const refused = await run([...args, "--data", "mnist"], offline);
  assertEquals([refused.code, refused.out], [3, ""]);
  assertStringIncludes(refused.err, "or give a directory");
  await Deno.remove(cache, { recursive: true });
});

Deno.test("what goes wrong has its exit code", async () => {
  const [usage, data, diverged] = await Promise.all([
    run(["lenet6"]),
    run(["mlp", "--data", "/nowhere", "--json"]),
    run(["mlp", ...small, "--learning-rate", "1e30"]),
  ]);
  assertEquals([usage.code, usage.out], [2, ""]);
  assertStringIncludes(usage.err, "did you mean lenet5?");
  assertEquals(data.code, 3);
  assertEquals(JSON.parse(data.out).event, "error");
  assertEquals(diverged.code, 5);
  assertStringIncludes(diverged.err, "a smaller learning rate may help");
});

Deno.test({
  name: "an interruption ends the program after the step in progress, with a summary",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const args = ["logistic_regression", ...small, "--epochs", "100000", "--learning-rate", "1e-9"];
    const child = command(args).spawn();
    const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let err = "";
    while (!err.includes("epoch 3")) err += (await reader.read()).value ?? "";
    child.kill("SIGINT");
    const drained = (async () => {
      while (!(await reader.read()).done);
    })();
    const out = await new Response(child.stdout).text();
    await drained;
    assertEquals((await child.status).code, 130);
    assertMatch(out, /^Optimization interrupted in epoch: \d+\nValidation score of/);
  },
});

Deno.test("help, the list of networks and the version are results", async () => {
  const [help, list, version] = await Promise.all([run(["-h"]), run(["--network_list"]), run(["--version"])]);
  assertEquals([help.code, list.code, version.code], [0, 0, 0]);
  assertStringIncludes(help.out, "Examples:");
  assertStringIncludes(list.out, "lenet5");
  assertMatch(version.out, /^\d+\.\d+\.\d+\n$/);
});
