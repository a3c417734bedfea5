import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { networks } from "../../examples/networks.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { takeLease } from "../../model/files/lease.ts";
import { loadModel } from "../../model/mod.ts";
import { UsageError } from "../errors.ts";
import { run } from "../testing.ts";
import { assignmentOption } from "../settings.ts";
import { readOptionText } from "../options/read_text.ts";
import { spaceOf } from "./space.ts";

/** A network, and options with which it trains in a moment. */
const small = ["logistic_regression", "--data", "digits", "--train-size", "100", "--epochs", "1", "--device", "wasm"];

/** Whether there is a file. */
const exists = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

function space(texts: string[], { isRandom = false, update }: { isRandom?: boolean; update?: string } = {}) {
  const set = texts.map((text) => readOptionText(assignmentOption, text, "option --set"));
  return spaceOf("mlp", networks.mlp, { update, set, direct: { nEpochs: 3 }, isRandom, fixed: { network: "mlp" } });
}

Deno.test("all values of lists are tried, in the order in which they are given; the last list changes fastest", () => {
  const { space: found } = space(["update=sgd,adam", "nUnits=10,20", "activation=tanh", "l2_reg=0,0.1"]);
  assertEquals(Object.keys(found.ranges), ["update", "nUnits", "l2Reg"]);
  const combinations = [...found].map(({ update, nUnits, l2Reg }) => `${update} ${nUnits} ${l2Reg}`);
  assertEquals(combinations.length, 8);
  assertEquals(combinations.slice(0, 3), ["sgd 10 0", "sgd 10 0.1", "sgd 20 0"]);
  const { network, activation, nEpochs, batchSize } = found.values;
  assertEquals([network, activation, nEpochs, batchSize], ["mlp", "tanh", 3, 20]);
});

Deno.test("ranges become distributions, each of its kind", () => {
  const { distributions } = space(["learningRate=log:0.001..1", "nUnits=10..50", "momentum=0.1..0.9"], {
    isRandom: true,
  });
  assertEquals(distributions, {
    learningRate: { distribution: "logUniform", low: 0.001, high: 1 },
    nUnits: { distribution: "wholeUniform", low: 10, high: 50 },
    momentum: { distribution: "uniform", low: 0.1, high: 0.9 },
  });
});

Deno.test("an invalid space is refused", () => {
  const refuse = (message: string, ...texts: string[]) => assertThrows(() => space(texts), UsageError, message);
  refuse("a range such as 1..9 needs --random N", "nUnits=1..9");
  refuse("hyperparameter nEpochs takes one value, got nEpochs=3 and nEpochs=4: set it once", "nEpochs=4");
  refuse("mlp has no hyperparameter nUnts: did you mean nUnits?", "nUnts=1,2");
  refuse("hyperparameter nUnits cannot be 0", "nUnits=5,0");
  refuse('Cannot find activation "rleu": did you mean relu?', "activation=relu,rleu");
  refuse("unknown update adm: did you mean adam?", "update=sgd,adm");
  refuse("mlp has no hyperparameter beta1", "beta1=0.8,0.9", "update=sgd,momentum");
  refuse("weightDecay is an option of update rule adamw, not of momentum", "weightDecay=0.1,0.2");
  refuse(
    "momentum is an option of update rule momentum, nesterovMomentum, not of",
    "momentum=0.1,0.2",
    "update=sgd,adam",
  );
  assertThrows(() => space(["nUnits=9..1"], { isRandom: true }), UsageError, "Cannot draw");
  assertThrows(() => space(["activation=a..b"], { isRandom: true }), UsageError, "cannot be drawn from a range");
});

Deno.test("a search is split, resumed and merged, and the best combination is trained again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const common = ["--data", "digits", "--train-size", "100", "--epochs", "1", "--device", "wasm", "--quiet"];
    const search = [
      "search",
      "logistic_regression",
      ...common,
      "--set",
      "learningRate=0.01,0.1",
      "--set",
      "update=sgd,adam",
    ];
    const whole = await run(...search);
    assertEquals([whole.code, whole.out.split("\n").length], [0, 2 + 4], whole.err);
    const parts = ["0", "1"].map((i) => run(...search, "--shard", `${i}/2`, "--journal", `${folder}/${i}.jsonl`));
    assertEquals((await Promise.all(parts)).map(({ code }) => code), [0, 0]);
    const merged = await run(
      "search",
      "merge",
      `${folder}/0.jsonl`,
      `${folder}/1.jsonl`,
      "--into",
      `${folder}/all.jsonl`,
      "--table",
      `${folder}/table.csv`,
    );
    assertEquals([merged.code, merged.out], [0, whole.out]);
    assertStringIncludes(await Deno.readTextFile(`${folder}/table.csv`), "number,learningRate,update");
    const { code, out } = await run(
      ...search,
      "--journal",
      `${folder}/all.jsonl`,
      "--refit",
      "--json",
      "--save",
      `${folder}/best.ym`,
    );
    const lines: Record<string, unknown>[] = out.split("\n").map((line) => JSON.parse(line));
    assertEquals([code, lines.map(({ event }) => event)], [0, ["row", "row", "row", "row", "end", "refit"]]);
    assertEquals(loadModel(`${folder}/best.ym`).report?.testError, lines.at(-1)?.testError);
    assert(lines.slice(0, 4).every(({ resumed }) => resumed === true));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("options of one rule are searched together with several rules, and do not affect the others", async () => {
  const { code, out, err } = await run(
    ...["search", ...small],
    ...["--set", "update=sgd,adamw", "--set", "weightDecay=0.01,0.9", "--quiet", "--json"],
  );
  assertEquals(code, 0, err);
  const rows = out.split("\n").map((line) => JSON.parse(line)).filter(({ event }) => event === "row");
  assertEquals(rows.map(({ outcome }) => outcome), Array(4).fill("trained"));
  const [plain, samePlain] = rows.map(({ validationError, testError, errors }) => [validationError, testError, errors]);
  assertEquals(plain, samePlain);
});

Deno.test("a search whose best model could not be saved is refused before its first combination", async () => {
  await inFolder(async (folder) => {
    const [save, journal] = [join(folder, "best.ym"), join(folder, "search.jsonl")];
    const search = () =>
      run("search", ...small, "--set", "batchSize=10,20", "--journal", journal, "--refit", "--save", save);
    {
      using _lease = takeLease(save);
      const { code, err } = await search();
      assertEquals(code, 3);
      assertStringIncludes(err, "another training");
      assertStringIncludes(err, "nothing was started");
      assert(!await exists(journal));
    }
    assertEquals((await search()).code, 0);
    assertEquals(loadModel(save).network.name, "logistic_regression");
  });
});

Deno.test("options of a search are checked before anything is loaded", async () => {
  const refuse = async (message: string, code: number, ...args: string[]) => {
    const { code: got, err } = await run("search", ...args);
    assertEquals(got, code);
    assertStringIncludes(err, message);
  };
  await refuse("expected one of 0/2 to 1/2", 2, "mlp", "--shard", "2/2");
  await refuse("cannot write a table to table.cvs: did you mean csv?", 2, "mlp", "--table", "table.cvs");
  await refuse(
    "Cannot write /nowhere: no such file or directory; nothing was started",
    3,
    "mlp",
    "--journal",
    "/nowhere/a",
  );
  await refuse("option --save needs --refit", 2, "mlp", "--save", "best.ym");
  await refuse("unknown network mpl: did you mean mlp?", 2, "mpl");
  await refuse("nothing to merge", 2, "merge");
});

Deno.test("a search in which every combination failed prints its table, and ends with exit code 6 and the reason", async () => {
  await inFolder(async (folder) => {
    // Images of another size than the network takes.
    for (const [name, count] of [["train", 60], ["t10k", 20]] as const) {
      const images = new Uint8Array(16 + count * 400);
      images.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 20, 0, 0, 0, 20]);
      const labels = new Uint8Array(8 + count);
      labels.set([0, 0, 8, 1, 0, 0, 0, count]);
      Deno.writeFileSync(join(folder, `${name}-images-idx3-ubyte`), images);
      Deno.writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), labels);
    }
    const journal = join(folder, "journal.jsonl");
    const search = ["search", "mlp", "--data", folder, "--epochs", "1", "--device", "wasm", "--set", "nUnits=5,6"];
    const reason = "Cannot find the best hyperparameters: all 2 combinations failed; number 0: Cannot train";
    const { code, out, err } = await run(...search, "--journal", journal, "--refit", "--quiet");
    assertEquals([code, out.split("\n").length], [6, 4], err);
    assertStringIncludes(err, `error: ${reason}`);
    const json = await run(...search, "--journal", journal, "--json");
    const last = JSON.parse(json.out.split("\n").at(-1) ?? "");
    assertEquals([json.code, last.event, last.kind, last.exitCode], [6, "error", "failedSearch", 6]);
    assertStringIncludes(last.message, reason);
    assertEquals((await run("search", "merge", journal)).code, 6);
  });
});
