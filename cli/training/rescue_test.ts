import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { loadModel } from "../../model/files/load_model.ts";
import { tryStat } from "../files/check_writable.ts";
import { main } from "../mod.ts";
import { run } from "../testing.ts";

const small = ["--data", "digits", "--train-size", "100", "--device", "wasm", "--quiet"];
const job = ["logistic_regression", ...small, "--epochs", "2", "--json"];

/** Runs a training, and changes something when an epoch is over. */
async function disturbed(
  args: readonly string[],
  disturb: () => void,
  epoch = 1,
): Promise<{ code: number; err: string }> {
  const notes: string[] = [];
  const output = {
    result: (line: string) => {
      if (line.includes('"event":"epoch"') && line.includes(`"epoch":${epoch},`)) disturb();
    },
    note: (text: string) => void notes.push(text),
    columns: () => undefined,
  };
  const code = await main(args, { call: "yadll", output });
  return { code, err: notes.join("") };
}

Deno.test("a training whose folder disappears is saved elsewhere, and can be resumed from there", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "run");
    const { code, err } = await disturbed([...job, "--out", out], () => Deno.removeSync(out, { recursive: true }));
    assertEquals(code, 3, err);
    const file = /Model saved in (?<file>.+\.ym)\nTo resume:/.exec(err)?.groups?.file;
    assert(file, err);
    try {
      assertStringIncludes(err, "events are missing from this file");
      const resumed = await run("train", `--resume=${file}`, ...small.slice(0, 4), "--epochs", "3", "--json");
      assertEquals([resumed.code, resumed.out.includes('"epochs":3,"iterations"')], [0, true], resumed.err);
    } finally {
      Deno.removeSync(file);
    }
  });
});

Deno.test("a resumed run that cannot be saved to its folder continues there", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "run");
    assertEquals((await run(...job, "--out", out)).code, 0);
    const model = join(out, "model.ym");
    let args = ["train", "--resume", out, "--epochs", "4", "--json", "--quiet"];
    const { code, err } = await disturbed(args, () => {
      Deno.removeSync(model);
      Deno.mkdirSync(model);
    }, 3);
    assertEquals(code, 3, err);
    const file = /Model saved in (?<file>.+\.ym)\nTo resume:/.exec(err)?.groups?.file;
    assert(file, err);
    try {
      assertStringIncludes(err, `--out=${out} --resume=${file}`);
      Deno.removeSync(model);
      args = /To resume:\n {2}yadll (?<args>.*)/.exec(err)?.groups?.args?.split(" ") ?? [];
      const resumed = await run(...args.with(args.indexOf("--epochs") + 1, "5"));
      assertEquals([resumed.code, resumed.out.includes('"epochs":5,"iterations"')], [0, true], resumed.err);
      assertEquals(loadModel(model).report?.epochs, 5);
    } finally {
      Deno.removeSync(file);
    }
  });
});

Deno.test("a report that cannot be written costs neither the model nor the summary", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "run");
    const report = join(out, "report.json");
    const { code, err } = await disturbed([...job, "--out", out], () => Deno.mkdirSync(report));
    assertEquals(code, 3, err);
    assertStringIncludes(err, `Cannot write ${report}: it is a folder`);
    Deno.removeSync(report);
    const shown = await run("runs", "show", out);
    assertStringIncludes(shown.out, "finished");
    assertEquals((await run("evaluate", out, "--quiet")).code, 0);
  });
});

Deno.test("the best model of a search that cannot be saved to its file is saved elsewhere", async () => {
  await inFolder(async (folder) => {
    const models = join(folder, "models");
    Deno.mkdirSync(models);
    // The folder disappears when the search is over: then the training takes the lease of the file, which the search had.
    let first: number | undefined;
    const timer = setInterval(() => {
      const taken = tryStat(join(models, ".best.ym.lease"))?.mtime?.getTime();
      first ??= taken;
      if (first !== undefined && taken !== undefined && taken > first + 20) {
        Deno.removeSync(models, { recursive: true });
      }
    }, 1);
    try {
      const job = ["search", "logistic_regression", ...small, "--epochs", "200", "--set", "learningRate=0.1,0.2"];
      const { code, err } = await run(...job, "--refit", "--save", join(models, "best.ym"));
      assertEquals(code, 3, err);
      const file = /Model saved in (?<file>.+\.ym)/.exec(err)?.groups?.file;
      assert(file, err);
      assertEquals(loadModel(file).report?.epochs, 200);
      Deno.removeSync(file);
    } finally {
      clearInterval(timer);
    }
  });
});

Deno.test("a training without a file that diverges is saved as it was before, and a line says where", async () => {
  await inFolder(async (folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const { code, err } = await run("train", ...job, "--set", "learningRate=1e38");
      assertEquals(code, 5, err);
      const file = /Model saved in (?<file>.+\.ym), as it was before the training diverged\n/.exec(err)?.groups?.file;
      assert(file === "logistic_regression.ym", err);
      assertEquals(loadModel(file).report, undefined);
    } finally {
      Deno.chdir(before);
    }
  });
});
