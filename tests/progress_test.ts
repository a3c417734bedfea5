/**
 * The progress of programs of one's own: on a terminal, and without one.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { inFolder } from "./in_folder.ts";
import { hasTerminals, onTerminal } from "./on_terminal.ts";

const entry = import.meta.resolve("../mod.ts");

/** A program that trains with some options. */
const program = (options: string): string => `
import { data, digitsLoader, inputLayer, logisticRegression, model, network, rbm } from "${entry}";
const input = inputLayer({ shape: [null, 784] });
const hidden = rbm(input, { nUnits: 20, hyperparameters: { epochs: 2, batchSize: 20 } });
const untrained = model({
  network: network("dbn", [input, hidden, logisticRegression(hidden, { nClass: 10 })]),
  data: data(digitsLoader({ sizes: [2000, 100, 100] })),
  hyperparameters: { batchSize: 10, nEpochs: 3, learningRate: 0.05 },
});
const { report } = await untrained.train(${options});
console.log("epochs", report.epochs);
`;

async function withProgram<T>(options: string, name: string, run: (file: string) => Promise<T>): Promise<T> {
  let result: T | undefined;
  await inFolder(async (folder) => {
    const file = `${folder}/${name}`;
    await Deno.writeTextFile(file, program(options));
    result = await run(file);
  });
  return result!;
}

/** What a program writes to standard output and to standard error, which are no terminals. */
function piped(
  options = "",
  name = "program.ts",
  env: Record<string, string> = {},
): Promise<readonly [string, string]> {
  return withProgram(options, name, async (file) => {
    const args = ["run", "--quiet", "--no-prompt", "--no-check", file];
    const config = ["--config", fromFileUrl(import.meta.resolve("../deno.json"))];
    const command = new Deno.Command(Deno.execPath(), {
      args: [args[0], ...config, ...args.slice(1)],
      env: { NO_COLOR: "1", ...env },
    });
    const { stdout, stderr } = await command.output();
    return [new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)] as const;
  });
}

const ended = "epochs 3\n";

Deno.test("without a terminal there is one plain line per epoch on standard error, and no permission is needed", async () => {
  const [out, err] = await piped("{ progress: true }");
  assertEquals(out, ended);
  const lines = err.trimEnd().split("\n");
  assertEquals(lines.length, 8, err);
  assertMatch(lines[0], /^Training dbn on data: up to 3 epochs of 200 steps; WebAssembly/);
  // deno-lint-ignore no-control-regex
  assert(!/[\r\x1b]/.test(err), err);
  assertMatch(lines[2], /^pre-training RBM 1, epoch 2\/2: cost [\d.]+; [\d.]+ s$/);
  assertMatch(
    lines[4],
    /^epoch 2\/3: training loss [\d.]+; validation loss [\d.]+, categorical error [\d.]+ %; [\d.]+ s, [\d,]+ samples\/s$/,
  );
  assertMatch(lines[6], /^Training completed: 3 epochs, [\d.]+ s$/);
  assertMatch(lines[7], /^Weights that were kept: validation loss [\d.]+, .*; test loss [\d.]+, categorical error /);
});

Deno.test("by default a training of less than two seconds has one line where there is no terminal", async () => {
  const [out, err] = await piped();
  assertEquals(out, ended);
  const lines = err.trimEnd().split("\n");
  // It may take longer on a busy machine.
  if (lines.length === 8) return;
  assertEquals(lines.length, 1, err);
  assertMatch(
    lines[0],
    /^Training dbn on data completed: 3 epochs, [\d.]+ s; validation loss [\d.]+, .*; test loss [\d.]+, categorical error /,
  );
});

Deno.test("a training goes on if standard error is on a full disk", { ignore: Deno.build.os !== "linux" }, async () => {
  await withProgram("{ progress: true }", "program.ts", async (file) => {
    const config = fromFileUrl(import.meta.resolve("../deno.json"));
    const args = [Deno.execPath(), "run", "--quiet", "--no-prompt", "--no-check", "--config", config, file];
    const shell = new Deno.Command("sh", { args: ["-c", 'exec "$@" 2> /dev/full', "sh", ...args] });
    const { code, stdout } = await shell.output();
    assertEquals([code, new TextDecoder().decode(stdout)], [0, ended]);
  });
});

Deno.test("false, a log, and the name of a test turn lines off", async () => {
  assertEquals(await piped("{ progress: false }"), [ended, ""]);
  assertEquals((await piped("{ log: () => {} }"))[1], "");
  assertEquals((await piped("", "some_test.ts"))[1], "");
});

Deno.test({
  name: "on a terminal there is a bar, however narrow the terminal is, and no permission is asked for",
  ignore: !hasTerminals,
  async fn() {
    const config = fromFileUrl(import.meta.resolve("../deno.json"));
    const args = (file: string) => ["run", "--quiet", "--config", config, "--no-check", file];
    const { code, said } = await withProgram("", "program.ts", (file) => onTerminal(args(file)));
    assertEquals(code, 0, said);
    assertStringIncludes(said, "\rpre-training RBM 1  epoch 1/2 [");
    assertStringIncludes(said, "epoch 3/3: loss ");
    assert(said.endsWith(ended.replace("\n", "\r\n")), said);
    const plain = "{ unsupervisedTraining: false }";
    const trained = await withProgram(plain, "program.ts", (file) => onTerminal(args(file)));
    // The loss of the first step may or may not have arrived.
    // deno-lint-ignore no-control-regex
    assertMatch(trained.said, /\repoch 1\/3 \[\.{20}\] 1\/200(?:  loss [\d.]+)?\x1b\[K/);
    const dumb = await withProgram(
      "{ progress: true }",
      "program.ts",
      (file) => onTerminal(["run", "--allow-env", ...args(file).slice(1)], { TERM: "dumb" }),
    );
    assert(!dumb.said.includes("\x1b["), dumb.said);
    assertStringIncludes(dumb.said, "epoch 3/3: training loss ");
  },
});
