import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { UsageError } from "../errors.ts";
import { run } from "../testing.ts";
import { resumedWord } from "./resumed_word.ts";

const networks = ["mlp", "lenet5"];
const none = { save: undefined, out: undefined, resume: true } as const;

Deno.test("a name after --resume that is also that of --out or --save is its value", () => {
  assertEquals(resumedWord({ ...none, networks, words: ["mlp", "run"], out: "./run" }), "run");
  assertEquals(resumedWord({ ...none, networks, words: ["saved", "mlp"], save: "saved" }), "saved");
  assertEquals(resumedWord({ ...none, networks, words: ["mlp", "mlp"], out: "mlp" }), "mlp");
});

Deno.test("the name of the network is no value of --resume", () => {
  assertEquals(resumedWord({ ...none, networks, words: ["mlp"], out: "mlp" }), undefined);
  assertEquals(resumedWord({ ...none, networks, words: ["mlp", "lenet5"] }), undefined);
  assertEquals(resumedWord({ ...none, networks, words: ["mlp", "run"], out: "run", resume: undefined }), undefined);
  // Three words are too many anyway, which the command says itself.
  assertEquals(resumedWord({ ...none, networks, words: ["mlp", "run", "lenet5"] }), undefined);
});

Deno.test("another name is refused, with the way to resume from it", () => {
  for (const words of [["mlp", "run"], ["run", "mlp"]]) {
    assertThrows(() => resumedWord({ ...none, networks, words }), UsageError, "write --resume=run");
  }
});

Deno.test("a command line with a plain name starts the run, and continues it", async () => {
  const before = Deno.cwd();
  await inFolder(async (folder) => {
    Deno.chdir(folder);
    try {
      const small = ["--data", "digits", "--train-size", "100", "--device", "wasm", "--epochs", "1"];
      for (const expected of ["Nothing was saved yet", "Resuming run"]) {
        const { code, err } = await run("train", "logistic_regression", ...small, "--out", "run", "--resume", "run");
        assertEquals(code, 0, err);
        assertStringIncludes(err, expected);
      }
    } finally {
      Deno.chdir(before);
    }
  });
});
