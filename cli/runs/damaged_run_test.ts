import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { runFiles } from "./folder.ts";
import { readRun } from "./read.ts";

const small = ["--data", "digits", "--train-size", "100", "--device", "wasm", "--quiet"];
const ignore = Deno.build.os === "windows";

/** A folder with two finished runs, `good` and `bad`. */
async function withRuns(work: (folder: string, bad: string) => Promise<void> | void): Promise<void> {
  await inFolder(async (folder) => {
    for (const name of ["good", "bad"]) {
      const out = join(folder, name);
      assertEquals((await run("logistic_regression", ...small, "--epochs", "2", "--report", "--out", out)).code, 0);
    }
    await work(folder, join(folder, "bad"));
  });
}

/** What happens to a file. */
const damages: Readonly<Record<string, (file: string, content: Uint8Array) => Promise<unknown> | void>> = {
  removed: (file) => Deno.removeSync(file),
  empty: (file) => Deno.writeTextFileSync(file, ""),
  zeros: (file, { length }) => Deno.writeFileSync(file, new Uint8Array(length)),
  garbage: (file) => Deno.writeFileSync(file, Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31) % 251)),
  "other JSON": (file) => Deno.writeTextFileSync(file, '[1]\nnull\n"x"\n{}\n{"event":3}\n'),
  "an empty record": (file) => Deno.writeTextFileSync(file, "{}\n"),
  "a folder": (file) => replace(file, () => Deno.mkdirSync(join(file, "below"), { recursive: true })),
  "a link to itself": (file) => replace(file, () => Deno.symlinkSync(file, file)),
  "a link to nothing": (file) => replace(file, () => Deno.symlinkSync(`${file}.missing`, file)),
  "a pipe": (file) => replace(file, () => new Deno.Command("mkfifo", { args: [file] }).output()),
  "a device": (file) => replace(file, () => Deno.symlinkSync("/dev/zero", file)),
};

function replace(file: string, make: () => Promise<unknown> | void): Promise<unknown> | void {
  Deno.removeSync(file);
  return make();
}

Deno.test(
  "a run folder with any damaged file is listed with the others, and no command ends in a bug",
  { ignore },
  async () => {
    await withRuns(async (folder, bad) => {
      const contents = Object.values(runFiles).map((name) => [name, Deno.readFileSync(join(bad, name))] as const);
      for (const [name, content] of contents) {
        for (const [what, damage] of Object.entries(damages)) {
          const file = join(bad, name);
          await damage(file, content);
          const listed = await run("runs", "list", folder);
          assertEquals(listed.code, 0, listed.err);
          assertEquals(
            listed.out.split("\n").slice(1).map((line) => line.split(/ {2,}/)[0]),
            [bad, join(folder, "good")],
            `${name}: ${what}`,
          );
          for (
            const args of [["runs", "show", bad], ["runs", "compare", bad, join(folder, "good")], [
              "export",
              bad,
              join(folder, "a.yc"),
            ]]
          ) {
            const { code, err } = await run(...args);
            assert(
              code === 0 || code === 3 && name === "model.ym",
              `${name}: ${what}, ${args.join(" ")}: ${code} ${err}`,
            );
          }
          if (what !== "removed") Deno.removeSync(file, { recursive: true });
          Deno.writeFileSync(file, content);
        }
      }
    });
  },
);

Deno.test("events and report of a run replace each other if one is damaged", async () => {
  await withRuns((_folder, bad) => {
    const facts = (
      { path, network, seed, testError, validationError, state, seconds, hyperparameters }: ReturnType<typeof readRun>,
    ) => ({
      ...{ path, network, seed, testError, validationError, state, seconds, hyperparameters },
    });
    const whole = readRun(bad);
    const [events, report] = [join(bad, "events.jsonl"), join(bad, "report.json")];
    const texts = [events, report].map((file) => Deno.readTextFileSync(file));
    assertEquals([whole.damage, whole.state], [undefined, "finished"]);
    for (const text of ["", "hello\n", texts[1].slice(0, 300)]) {
      Deno.writeTextFileSync(report, text);
      const { damage, ...read } = readRun(bad);
      assertEquals([facts({ ...read, damage }), read.history.length, read.report], [facts(whole), 2, undefined]);
      assertStringIncludes(damage ?? "", "expected the report of a training");
    }
    Deno.writeTextFileSync(report, texts[1]);
    for (const text of ["", "hello\n", texts[0].slice(0, 30)]) {
      Deno.writeTextFileSync(events, text);
      assertEquals(facts(readRun(bad)), facts(whole));
    }
    // A damaged line costs nothing but itself.
    const lines = texts[0].split("\n");
    Deno.writeTextFileSync(events, [lines[0], "garbage", ...lines.slice(1)].join("\n"));
    Deno.removeSync(report);
    const { history, damage, testError } = readRun(bad);
    assertEquals([history.length, testError], [2, whole.testError]);
    assertStringIncludes(damage ?? "", "line 2 of");
  });
});

Deno.test("a run whose last events could not be written is finished if its report is newer", async () => {
  await withRuns((_folder, bad) => {
    const events = join(bad, "events.jsonl");
    const lines = Deno.readTextFileSync(events).split("\n");
    const withoutEnd = lines.filter((line) => !line.startsWith('{"event":"end"'));
    const write = (text: readonly string[], time: number) => {
      Deno.writeTextFileSync(events, text.join("\n"));
      Deno.utimeSync(events, time, time);
      const { state, report } = readRun(bad);
      return [state, report?.epochs];
    };
    assertEquals(write(withoutEnd, 1000), ["finished", 2]);
    // Events of another training, without their end, count if they are not older than the report.
    const other = withoutEnd.map((line) => line.replace(/"seed":\d+/, '"seed":987'));
    const same = Number(Deno.statSync(join(bad, "report.json")).mtime) / 1000;
    assertEquals(write(other, same - 1), ["finished", 2]);
    for (const time of [same, same + 1]) assertEquals(write(other, time), ["unfinished", undefined]);
    const now = Date.now() / 1000 + 100;
    // An earlier training took other seconds, so the report is that of the later one.
    const endsLater = lines.map((line) =>
      line.startsWith('{"event":"end"') ? line.replace('"seconds":', '"seconds":9') : line
    );
    assertEquals(write([...endsLater.slice(0, -1), ...withoutEnd], 1000), ["finished", 2]);
    assertEquals(write([...lines.slice(0, -1), ...withoutEnd], 1000), ["unfinished", undefined]);
    // The run was resumed afterwards, and killed.
    assertEquals(write([...lines.slice(0, -1), lines[0], ""], now), ["unfinished", undefined]);
    assertEquals(write([...withoutEnd.slice(0, -1), '{"event":"epoch","version":1,"epoch":3}', ""], 1000), [
      "unfinished",
      undefined,
    ]);
  });
});

Deno.test("a run that cannot be resumed keeps its results", async () => {
  await withRuns(async (folder, bad) => {
    const before = readRun(bad);
    const { code, err } = await run("train", "--resume", bad, "--train-size", "50", "--epochs", "3", "--quiet");
    assertEquals(code, 3, err);
    assertEquals(readRun(bad), before);
    const refused = await run("logistic_regression", ...small, "--out", join(folder, "new"), "--batch-size", "0.5");
    assertEquals([refused.code, readNames(folder)], [2, ["bad", "good"]]);
  });
});

function readNames(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

Deno.test("a run whose report or model cannot be written is refused before it is trained", { ignore }, async () => {
  await withRuns(async (folder, bad) => {
    const kinds = ["a folder", "a link to itself", "a link to nothing", "a pipe", "a device"];
    const resumed = ["logistic_regression", ...small, "--epochs", "3", "--resume", "--out"];
    for (const kind of kinds) {
      const file = join(bad, runFiles.report);
      await damages[kind](file, new Uint8Array());
      const events = Deno.readTextFileSync(join(bad, runFiles.events));
      const { code, err } = await run(...resumed, bad);
      assertEquals([code, err.split("\n").length], [3, 2], `${kind}: ${err}`);
      assertStringIncludes(err, file);
      assertEquals(Deno.readTextFileSync(join(bad, runFiles.events)), events, kind);
      Deno.removeSync(file, { recursive: true });
      Deno.writeTextFileSync(file, "");
    }
    const fresh = join(folder, "fresh");
    Deno.mkdirSync(fresh);
    Deno.symlinkSync("nothing", join(fresh, runFiles.model));
    const { code, err } = await run("logistic_regression", ...small, "--epochs", "1", "--out", fresh);
    assertEquals(code, 3);
    assertStringIncludes(err, "it is a link that leads nowhere");
    assertEquals([...Deno.readDirSync(fresh)].length, 1);
  });
});

Deno.test("a run that is saved outside of its folder is resumed from there", async () => {
  await inFolder(async (folder) => {
    const [out, file] = [join(folder, "run"), join(folder, "best.ym")];
    assertEquals((await run("logistic_regression", ...small, "--epochs", "1", "--out", out, "--save", file)).code, 0);
    const { code, err } = await run("train", "--resume", out, "--epochs", "2");
    assertEquals([code, err.includes("starts from the beginning")], [0, false], err);
    const { history, state } = readRun(out);
    assertEquals([history.map(({ epoch }) => epoch), state], [[1, 2], "finished"]);
    assertEquals(Deno.readTextFileSync(join(out, "events.jsonl")).match(/"event":"epoch"/g)?.length, 2);
    Deno.removeSync(file);
    const lost = await run("train", "--resume", out, "--epochs", "3");
    assertEquals(lost.code, 2);
    assertStringIncludes(lost.err, "or remove report.json to train again: the run cannot be resumed without model.ym");
  });
});

Deno.test("runs below a run folder are listed, too", async () => {
  await withRuns(async (folder) => {
    Deno.copyFileSync(join(folder, "bad", "events.jsonl"), join(folder, "events.jsonl"));
    const { out } = await run("runs", "list", folder);
    assertEquals(out.split("\n").slice(1).map((line) => line.split(/ {2,}/)[0]), [
      folder,
      join(folder, "bad"),
      join(folder, "good"),
    ]);
  });
});

Deno.test("events of any length are read, such as many zeros after a power failure", { ignore }, async () => {
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    const [start, epoch] = ['{"event":"start","version":1,"network":"mlp"}', '{"event":"epoch","version":1,"epoch":1}'];
    // After a power failure: zeros, which take no space on the disk, and a run that was resumed.
    Deno.writeTextFileSync(file, `${start}\n${epoch}\n{"ev`);
    Deno.truncateSync(file, 2 ** 28);
    Deno.writeTextFileSync(file, `${start}\n{"event":"epoch","version":1,"epoch":2}\n`, { append: true });
    const { network, history, damage } = readRun(folder);
    assertEquals([network, history.map(({ epoch }) => epoch), damage], ["mlp", [1, 2], undefined]);
  });
});

Deno.test("a finished run whose events were cut anywhere is finished, as its report says", async () => {
  await withRuns(async (_folder, bad) => {
    const [events, whole] = [join(bad, "events.jsonl"), readRun(bad)];
    const text = Deno.readTextFileSync(events);
    const later = Date.now() / 1000 + 100;
    const cut = (length: number) => {
      Deno.writeTextFileSync(events, text.slice(0, length));
      Deno.utimeSync(events, later, later);
      const { state, testError, history } = readRun(bad);
      assertEquals([state, testError, history.length], ["finished", whole.testError, 2], `${length} of ${text.length}`);
    };
    for (let length = 0; length < text.length; length += 97) cut(length);
    // The first of two trainings was interrupted, and the end of the second one is missing.
    const [start, ...lines] = text.split("\n");
    const aborted = '{"event":"end","version":1,"epochs":1,"stop":"aborted","seconds":0.5}';
    Deno.writeTextFileSync(events, [start, aborted, start, ...lines.slice(0, 2), ""].join("\n"));
    assertEquals(readRun(bad).state, "finished");
    assertEquals((await run("runs", "list", bad)).out.includes("unfinished"), false);
  });
});

Deno.test("a run whose events are missing is resumed with the same data, and otherwise the cause is named", async () => {
  await withRuns(async (_folder, bad) => {
    const events = join(bad, "events.jsonl");
    for (const damage of [() => Deno.writeTextFileSync(events, ""), () => Deno.removeSync(events)]) {
      damage();
      const { code, err } = await run("train", "--resume", bad, "--epochs", "3", "--device", "wasm", "--quiet");
      assertEquals(code, 3, err);
      assertStringIncludes(
        err,
        `error: Cannot resume from ${join(bad, "model.ym")} (nothing was changed): the data differ from those of the ` +
          `saved run; ${events} no longer says how the run was started; use the same --data and --train-size`,
      );
    }
    const resumed = await run("train", "--resume", bad, ...small, "--epochs", "3");
    assertEquals([resumed.code, readRun(bad).history.length], [0, 3], resumed.err);
  });
});
