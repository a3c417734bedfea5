import { assertEquals, assertThrows } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { UsageError } from "../errors.ts";
import { optional, repeated, switchOption, valued } from "./option.ts";
import { parse } from "./parse.ts";
import { count, positive, whole } from "../../core/options/numbers.ts";
import { oneOf, text } from "../../core/options/values.ts";

const table = {
  epochs: valued("N", count()),
  batchSize: valued("N", count()),
  learningRate: valued("R", positive()),
  seed: valued("N", whole()),
  update: valued("RULE", oneOf(["sgd", "nesterovMomentum"])),
  resume: optional("FILE", text(), true),
  set: repeated("NAME=VALUE", text()),
  json: switchOption("…"),
  networkList: switchOption("…", { letter: "n" }),
};

const read = (...args: string[]) => parse(args, table);
const options = (...args: string[]) => read(...args).options;

Deno.test("omitted options have no value, and switches are off", () => {
  assertEquals(read("mlp"), {
    words: ["mlp"],
    options: {
      ...{ epochs: undefined, batchSize: undefined, learningRate: undefined, seed: undefined, update: undefined },
      ...{ resume: undefined, set: [], json: false, networkList: false },
    },
  });
});

Deno.test("options may be anywhere, with hyphens or underscores, with or without an equals sign", () => {
  const { words, options } = read("--json", "--batch_size=20", "mlp", "--epochs", "3", "-n", "--update", "SGD");
  const { json, batchSize, epochs, networkList, update } = options;
  assertEquals([words, json, batchSize, epochs, networkList, update], [["mlp"], true, 20, 3, true, "sgd"]);
  assertEquals(options.update, "sgd");
  assertEquals(read("--network_list").options.networkList, true);
  assertEquals(read("--update", "nesterov_momentum").options.update, "nesterovMomentum");
});

Deno.test("a repeated option keeps all values, with commas and equals signs", () => {
  assertEquals(options("--set", "a=1", "--set=b=2,3").set, ["a=1", "b=2,3"]);
});

Deno.test("negative numbers are values", () => {
  assertEquals(options("--seed", "-5", "--json").seed, -5);
  assertEquals(options("--seed=-5").seed, -5);
});

Deno.test("an optional value is used if it looks like a path", () => {
  assertEquals(read("--resume", "mlp").words, ["mlp"]);
  assertEquals(options("--resume", "mlp").resume, true);
  assertEquals(options("--resume").resume, true);
  assertEquals(options("--resume", "--json").resume, true);
  assertEquals(options("--resume", "mlp.ym").resume, "mlp.ym");
  assertEquals(options("--resume", "runs/mlp").resume, "runs/mlp");
  assertEquals(options("--resume=mlp").resume, "mlp");
});

Deno.test("an optional value is used if it is a run folder or a file, whatever its name", async () => {
  await inFolder((folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      for (const name of ["mlp", "my run", "saved"]) {
        assertEquals(options("--resume", name).resume, true);
        if (name === "saved") Deno.writeTextFileSync(name, "");
        else Deno.mkdirSync(name);
        if (name === "mlp") Deno.writeTextFileSync(`${name}/model.ym`, "");
        if (name === "my run") Deno.writeTextFileSync(`${name}/events.jsonl`, "");
        assertEquals(read("--resume", name), read(`--resume=${name}`));
        assertEquals(options("--resume", name).resume, name);
      }
      Deno.mkdirSync("lenet5");
      assertEquals(read("--resume", "lenet5").words, ["lenet5"]);
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("after two hyphens there are no options", () => {
  assertEquals(read("--json", "--", "--epochs", "3").words, ["--epochs", "3"]);
});

Deno.test("unknown names are refused with the nearest known name", () => {
  const refuse = (message: string, ...args: string[]) => assertThrows(() => read(...args), UsageError, message);
  refuse("unknown option --epoch: did you mean --epochs?", "--epoch=3");
  refuse("unknown option --bach-size: did you mean --batch-size?", "--bach_size", "3");
  refuse("unknown option -x: see --help", "-x");
  refuse("unknown update sdg: did you mean sgd?", "--update", "sdg");
});

Deno.test("values are checked", () => {
  const refuse = (message: string, ...args: string[]) => assertThrows(() => read(...args), UsageError, message);
  refuse("option --epochs cannot be 0: expected a whole number of at least 1", "--epochs", "0");
  refuse("option --epochs cannot be two", "--epochs", "two");
  refuse("option --epochs needs a value: --epochs N", "--epochs");
  refuse("option --epochs needs a value: --epochs N", "--epochs", "--json");
  refuse("option --learning-rate cannot be -1: expected a number above 0", "--learning-rate", "-1");
  refuse("option --seed cannot be 1.5: expected a whole number", "--seed", "1.5");
  assertEquals(options("--learning-rate", "1e-3").learningRate, 0.001);
});

Deno.test("an option with two values is refused, and both are named", () => {
  const refuse = (message: string, ...args: string[]) => assertThrows(() => read(...args), UsageError, message);
  refuse(
    "option --seed takes one value, got --seed=1 and --seed=2: give it once",
    ...["--seed", "1", "mlp", "--seed=2"],
  );
  refuse("option --batch-size takes one value, got --batch-size=5", "--batch_size", "5", "--batch-size", "5");
  refuse("got --resume=a.ym and --resume: give it once", "--resume", "a.ym", "--resume");
  refuse("got --json=true and --json=false: give it once", "--json", "--json=false");
  assertEquals(options("--json", "--json", "-n", "--network-list").json, true);
  assertEquals(parse(["--seed", "1", "--seed=2", "--json", "--json=false"], table, { isLenient: true }).options, {
    ...options(),
    seed: 2,
  });
});
