import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { networks } from "../examples/networks.ts";
import { commands } from "./commands.ts";
import { commandHelp, programHelp } from "./help.ts";
import { inFolder } from "../tests/in_folder.ts";
import { main } from "./mod.ts";
import { run } from "./testing.ts";
import { ruleHyperparameters } from "../model/known_hyperparameters.ts";
import { signature } from "./options/option.ts";

async function refuse(message: string, ...args: string[]): Promise<void> {
  const { code, out, err } = await run(...args);
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, message);
}

const program = { call: "yadll", examples: networks };

Deno.test("the help names every command, network and option of train, examples first", async () => {
  const { code, out } = await run("--help");
  assertEquals(code, 0);
  assertEquals(out.split("\n")[2], "Examples:");
  const options = Object.entries(commands[0].options).map(([name, option]) => signature(name, option));
  for (const name of [...options, ...Object.keys(networks), ...commands.map(({ name }) => name)]) {
    assertStringIncludes(out, name);
  }
  assertEquals((await run("help")).out, out);
});

Deno.test("each command has its own help, examples first, that names its options", async () => {
  for (const { name, options } of commands) {
    const { code, out } = await run(name, "--help");
    assertEquals([code, out.split("\n")[2]], [0, "Examples:"]);
    for (const [option, description] of Object.entries(options)) {
      assertStringIncludes(out, signature(option, description));
    }
    assertEquals((await run("help", name)).out, out);
  }
});

Deno.test("the help of a network lists its hyperparameters", async () => {
  for (const args of [["mlp", "-h"], ["train", "mlp", "--help"], ["search", "mlp", "--help"]]) {
    const { out } = await run(...args);
    assertMatch(out, /Hyperparameters of mlp, for --set:\n(?: {2}\w+ +\S+(?: \(.+\))?\n)+\n/);
    for (const name of [...Object.keys(networks.mlp.hyperparameters), "update"]) {
      assertStringIncludes(out, `  ${name} `);
    }
    for (const [name, { option: { help } }] of ruleHyperparameters) {
      assertMatch(out, new RegExp(`^  ${name} +${help.slice(0, 30)}`, "m"));
    }
  }
  assertEquals((await run("--help")).out.includes("Hyperparameters of"), false);
});

Deno.test("the examples in the help are valid commands", async () => {
  for (const { name, examples } of commands) {
    assert(examples.length > 0);
    for (const example of examples) assert(example === name || example.startsWith(`${name} `), example);
  }
  await refuse("unknown command trian: did you mean train?", "help", "trian");
});

Deno.test("the help fits the terminal, however narrow", () => {
  for (const width of [40, 60, 80, 120]) {
    const lines = [
      programHelp(commands, program, width),
      ...commands.map((one) => commandHelp(one, program, { width, network: "mlp" })),
    ]
      .flatMap((text) => text.split("\n"));
    // Calls and names without a space cannot be wrapped.
    const tooLong = lines.filter((line) =>
      line.length > width && !line.includes("yadll ") && line.trim().includes(" ")
    );
    assertEquals(tooLong, []);
  }
});

Deno.test("unknown commands and networks are refused with the nearest name", async () => {
  await refuse("unknown command trian: did you mean train?", "trian", "mlp");
  await refuse("unknown network lenet6: did you mean lenet5?\nSee yadll --help", "lenet6");
  await refuse("unknown network lenet6: did you mean lenet5?\nSee yadll train --help", "train", "lenet6");
  await refuse("gru; to resume from it, write --resume=no-run\nSee yadll train --help", "train", "--resume", "no-run");
  await refuse("unknown option --epoch: did you mean --epochs?", "mlp", "--epoch=3");
  await refuse("unknown device webgup: did you mean webgpu?", "mlp", "--device", "webgup");
  await refuse("no network given: expected one of logistic_regression");
  await refuse("unexpected argument lenet5 after mlp: expected one network", "mlp", "lenet5");
  await refuse("unexpected argument mlp: doctor takes only options", "doctor", "mlp");
});

Deno.test("the version and the list of networks are results, one network per line", async () => {
  assertMatch((await run("--version")).out, /^\d+\.\d+\.\d+$/);
  const { out } = await run("--network_list");
  assertEquals(out.split("\n").map((line) => line.trim().split(" ")[0]), Object.keys(networks));
  assertEquals((await run("-n")).out, out);
  assertEquals((await run("train", "-n")).out, out);
});

Deno.test("with --json, an error is a JSON line too", async () => {
  const { code, out, err } = await run("mlp", "--epochs", "0", "--json");
  assertEquals(code, 2);
  const { event, version, kind, exitCode, message } = JSON.parse(out);
  assertEquals([event, version, kind, exitCode], ["error", 1, "usage", 2]);
  assertStringIncludes(err, message);
});

Deno.test("the doctor finds WebAssembly, measures it, and says why it is chosen", async () => {
  const { code, out } = await run("doctor", "--device", "wasm", "--seconds", "0.05", "--json", "--quiet");
  assertEquals(code, 0);
  const { chosen, devices, webAssembly, benchmark, versions } = JSON.parse(out);
  assertEquals(chosen.kind, "wasm");
  assert(devices.some(({ kind }: { kind: string }) => kind === "wasm"));
  assertEquals([webAssembly.simd, webAssembly.relaxedSimd, webAssembly.threads], [true, true, true]);
  assert(benchmark.gflops > 0 && benchmark.products >= 1);
  assertEquals(versions.deno, Deno.version.deno);
  const { out: text } = await run("doctor", "--device", "wasm", "--seconds", "0");
  assertStringIncludes(text, "chosen by --device wasm");
  assert(!text.includes("GFLOP/s"));
});

Deno.test("a misspelled option of main, or one of another kind, is refused with exit code 2 before anything runs", async () => {
  const notes: string[] = [];
  const results: string[] = [];
  const output = { result: (line: string) => results.push(line), note: () => {}, columns: () => undefined };
  const original = Deno.stderr.writeSync;
  Deno.stderr.writeSync = (bytes) => {
    notes.push(new TextDecoder().decode(bytes));
    return bytes.length;
  };
  try {
    for (
      const [options, message] of [
        [{ output, exmples: networks }, 'Cannot run a command line: unknown option "exmples"; did you mean examples?'],
        [{ output, call: 3 }, "Cannot run a command line: expected call to be a nonempty string, got 3"],
        [{ output: {} }, "expected output to be an output with functions result, note and columns"],
        [{ output, examples: { mlp: 1 } }, "expected examples to be a record of networks, made by example"],
      ] as const
    ) {
      notes.length = 0;
      assertEquals(await Reflect.apply(main, undefined, [["--version"], options]), 2);
      assertStringIncludes(notes.join(""), message);
    }
  } finally {
    Deno.stderr.writeSync = original;
  }
  assertEquals(results, []);
});

Deno.test("an option or a hyperparameter with two values is refused, and both are named", async () => {
  await refuse("option --seed takes one value, got --seed=1 and --seed=2", "mlp", "--seed", "1", "--seed", "2");
  const takes = "takes one value, got";
  await refuse(`hyperparameter l2Reg ${takes} l2Reg=0 and l2Reg=1`, "mlp", "--set", "l2Reg=0", "--set", "l2Reg=1");
  await refuse(
    `hyperparameter n_units ${takes} nUnits=5 and n_units=5: set it once`,
    ...["mlp", "--set", "nUnits=5", "--set", "n_units=5"],
  );
  await refuse(`${takes} nEpochs=3 and nEpochs=4`, "mlp", "--epochs", "3", "--set", "nEpochs=4");
  await refuse(`${takes} update=sgd and update=adam`, "mlp", "--update", "sgd", "--set", "update=adam");
  await refuse(
    `${takes} learningRate=0.1 and learningRate=0.2,0.3`,
    ...["search", "mlp", "--set", "learningRate=0.1", "--set", "learningRate=0.2,0.3"],
  );
});

Deno.test("epochs of pre-training are refused for networks that have none", async () => {
  const message = "option --pretraining-epochs cannot be 3: this network has no hyperparameter pretrainingEpochs";
  await refuse(message, "mlp", "--pretraining-epochs", "3");
  await refuse(message, "search", "mlp", "--pretraining-epochs", "3", "--set", "nUnits=5,6");
});

Deno.test("networks of one's own are not searched in parallel", async () => {
  const notes: string[] = [];
  const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => undefined };
  const search = async (...args: string[]) => {
    notes.length = 0;
    const code = await main(["search", "own", "--set", "nUnts=5,6", ...args], {
      examples: { own: networks.mlp },
      output,
    });
    return [code, notes.join("").includes("only the networks of this library can be tried in parallel")];
  };
  assertEquals(await search("--parallel", "2"), [2, true]);
  // These are refused for what is wrong with them.
  for (const args of [["--parallel", "1"], []]) assertEquals(await search(...args), [2, false]);
});

Deno.test("a batch size of more than all examples is said to be all of them", async () => {
  const args = ["logistic_regression", "--data", "digits", "--train-size", "50", "--device", "wasm", "--epochs", "1"];
  const { code, err } = await run(...args, "--batch-size", "60");
  assertEquals(code, 0, err);
  assertStringIncludes(err, "Batch size 60 is more than the 50 training examples: each step takes all of them");
  assert(!(await run(...args, "--batch-size", "50")).err.includes("Batch size 50"));
});

Deno.test("a file of a command line that another option would replace is refused before anything is written", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => `${folder}/${name}`;
    const small = ["--data", "digits", "--train-size", "50", "--device", "wasm", "--epochs", "1", "--quiet"];
    assertEquals((await run("logistic_regression", ...small, "--save", at("m.ym"))).code, 0);
    Deno.writeTextFileSync(at("conf.json"), '{ "network": "mlp" }');
    const model = Deno.readFileSync(at("m.ym"));
    const lost = (by: string) => `it is the file of ${by}, which would be lost`;
    await refuse(lost("the model"), "evaluate", at("m.ym"), "--confusion", at("m.ym"));
    await refuse("expected a name that ends in .svg", "evaluate", at("m.ym"), "--confusion", at("a.png"));
    for (const name of ["m.ym", "conf.json"]) {
      const message = `cannot write a picture to ${at(name)}: expected a name that ends in .svg`;
      await refuse(message, "runs", "plot", folder, "--svg", at(name));
      await refuse(message, "runs", "compare", folder, folder, "--svg", at(name));
    }
    await refuse(lost("option --config"), "train", "--config", at("conf.json"), "--save", at("./conf.json"), ...small);
    await refuse(lost("option --out"), "mlp", "--out", at("run"), "--save", at("run/events.jsonl"), ...small);
    const search = ["search", "mlp", "--set", "nUnits=5,6", ...small];
    await refuse(lost("option --journal"), ...search, "--journal", at("a.csv"), "--table", at("a.csv"));
    await refuse(lost("a journal"), "search", "merge", at("a.json"), "--table", at("a.json"));
    assertEquals(Deno.readFileSync(at("m.ym")), model);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), ["conf.json", "m.ym"]);
  });
});

Deno.test("a file whose folder is missing is refused before anything is computed", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => `${folder}/${name}`;
    const small = ["--data", "digits", "--train-size", "50", "--device", "wasm", "--epochs", "1", "--quiet"];
    assertEquals((await run("logistic_regression", ...small, "--out", at("runs/a"))).code, 0);
    const refusal = async (...args: string[]) => {
      const { code, out, err } = await run(...args);
      assertEquals([code, out], [3, ""], err);
      assertStringIncludes(err, "nothing was started");
    };
    const saved = at("runs/a/model.ym");
    await refusal("evaluate", saved, "--confusion", at("missing/a.svg"));
    await refusal("export", saved, at("missing/a.yp"));
    await refusal("runs", "plot", at("runs/a"), "--svg", at("missing/a.svg"));
    await refusal("runs", "compare", at("runs/a"), at("runs/a"), "--svg", at("missing/a.svg"));
    await refusal("logistic_regression", ...small, "--save", at("missing/a.ym"));
    const search = ["search", "mlp", "--set", "nUnits=5,6", ...small];
    await refusal(...search, "--table", at("missing/a.csv"));
    await refusal(...search, "--journal", at("missing/a.jsonl"));
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["runs"]);
  });
});

Deno.test("the events of a run that was killed before it saved anything are replaced", async () => {
  await inFolder(async (folder) => {
    const small = ["--data", "digits", "--train-size", "50", "--device", "wasm", "--epochs", "1", "--quiet"];
    const events = `${folder}/a/events.jsonl`;
    const kinds = () => Deno.readTextFileSync(events).trim().split("\n").map((line) => JSON.parse(line).event);
    const train = async () => {
      const { code, err } = await run("logistic_regression", ...small, "--out", `${folder}/a`);
      assertEquals(code, 0, err);
      return kinds();
    };
    const first = await train();
    assertEquals(first.filter((kind) => kind === "start").length, 1);
    for (const { name } of Deno.readDirSync(`${folder}/a`)) {
      if (name !== "events.jsonl") Deno.removeSync(`${folder}/a/${name}`);
    }
    assertEquals(await train(), first);
  });
});

Deno.test("options without effect are refused", async () => {
  await refuse("option --save-mode needs a file: add --save FILE or --out DIR", "mlp", "--save-mode", "epoch");
  await refuse("option --into needs merge", "search", "mlp", "--set", "nUnits=5,6", "--into", "a.jsonl");
  await refuse(
    "merge has no option --epochs: expected --into or --table",
    "search",
    "merge",
    "a.jsonl",
    "--epochs",
    "3",
  );
  await refuse("unexpected argument mlp after train: expected one command", "help", "train", "mlp");
});

Deno.test("values that options cannot have are refused in words of a command line", async () => {
  await refuse(
    "hyperparameter learningRate cannot be abc: expected a number of at least 0\n",
    "train",
    "mlp",
    "--set",
    "learningRate=abc",
  );
  await refuse(
    "option --seed cannot be 99999999999999999999: expected a whole number, at most 9007199254740991 in size",
    ...["train", "mlp", "--seed", "99999999999999999999"],
  );
  await refuse("option --seed cannot be 1.5: expected a whole number\n", "train", "mlp", "--seed", "1.5");
  await refuse(
    "--metrics cannot be f1,f1: expected each metric once, got f1 twice",
    "train",
    "mlp",
    "--metrics",
    "f1,f1",
  );
});

Deno.test("metrics that do not fit and monitored values that do not exist are wrong options", async () => {
  const digits = ["--data", "digits", "--train-size", "100"];
  await refuse("with metric r2: ", "train", "mlp", ...digits, "--metrics", "r2", "--quiet");
  await refuse(
    'with monitor "f1": expected one of loss, error',
    "train",
    "mlp",
    ...digits,
    "--monitor",
    "f1",
    "--quiet",
  );
});

Deno.test("metrics that a saved model cannot have are wrong options of evaluate", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/m.ym`;
    const digits = ["--data", "digits", "--train-size", "100", "--quiet"];
    assertEquals((await run("train", "mlp", ...digits, "--epochs", "1", "--save", file)).code, 0);
    await refuse("with metric r2: ", "evaluate", file, "--data", "digits", "--metrics", "r2", "--quiet");
    assertEquals((await run("evaluate", file, "--data", "digits", "--metrics", "f1", "--quiet")).code, 0);
  });
});
