import { assertEquals, assertThrows } from "@std/assert";
import { dirname, join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { UsageError } from "../errors.ts";
import { planSaving, type SavingWishes } from "./saving_plan.ts";

const nothing: SavingWishes = { save: undefined, saveMode: undefined, out: undefined, resume: undefined };

function plan(wishes: Partial<SavingWishes>) {
  return planSaving({ ...nothing, ...wishes }, "no such network");
}

Deno.test("a file is saved at each new best validation error, unless another mode is given", async () => {
  await inFolder((folder) => {
    const file = join(folder, "mlp.ym");
    const decided = { file, resume: undefined, out: undefined, problem: undefined };
    assertEquals(plan({ save: file }), { ...decided, saveMode: "each" });
    assertEquals(plan({ save: file, saveMode: "epoch" }), { ...decided, saveMode: "epoch" });
    assertThrows(() => plan({ save: join(folder, "missing", "mlp.ym") }), FileError, "nothing was started");
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("a run folder contains the model, and must be new", async () => {
  await inFolder((folder) => {
    const out = join(folder, "run");
    const { file, ...rest } = plan({ out });
    assertEquals([file, rest.out, rest.saveMode], [join(out, "model.ym"), out, "each"]);
    const elsewhere = join(folder, "mlp.ym");
    assertEquals(plan({ out, save: elsewhere }).file, elsewhere);
    Deno.mkdirSync(out);
    Deno.writeTextFileSync(join(out, "events.jsonl"), "");
    Deno.writeTextFileSync(join(out, "model.ym"), "");
    assertThrows(() => plan({ out }), UsageError, "already contains a run (model.ym)");
    Deno.removeSync(join(out, "model.ym"));
    Deno.writeTextFileSync(join(out, "report.json"), "");
    assertThrows(() => plan({ out }), UsageError, "already contains a run (report.json)");
  });
});

Deno.test("a new run folder may be written in any way", async () => {
  const before = Deno.cwd();
  await inFolder((folder) => {
    Deno.chdir(folder);
    try {
      for (const out of ["./x", "x/", "x//", "x/.", "y/../x", "./a//x", join(folder, "x/")]) {
        const planned = plan({ out });
        const plain = join(out, ".");
        assertEquals([planned.out, planned.file], [plain, join(plain, "model.ym")], out);
      }
      assertEquals(plan({ out: join(folder, "x/"), save: "x/mlp.ym" }).file, "x/mlp.ym");
      assertThrows(() => plan({ out: "./x", save: "y/mlp.ym" }), FileError, "nothing was started");
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("a training that was killed before its first save starts from the beginning", async () => {
  await inFolder((folder) => {
    const out = join(folder, "run");
    const [file, other] = [join(out, "model.ym"), join(folder, "mlp.ym")];
    const fresh = { file, saveMode: "each", resume: undefined, out, problem: undefined } as const;
    assertEquals(plan({ resume: true, out }), { ...fresh, restarted: true });
    Deno.mkdirSync(out);
    Deno.writeTextFileSync(join(out, "events.jsonl"), "");
    assertEquals(plan({ out }), fresh);
    for (const wishes of [{ resume: true, out } as const, { resume: out }, { resume: out, out }]) {
      assertEquals(plan(wishes), { ...fresh, restarted: true });
    }
    assertEquals(plan({ resume: true, save: other }), { ...fresh, file: other, out: undefined, restarted: true });
    Deno.writeTextFileSync(file, "");
    assertEquals(plan({ resume: true, out }), { ...fresh, resume: file });
  });
});

Deno.test("nothing need be saved yet if --resume and --out or --save mean the same, however they are written", async () => {
  const before = Deno.cwd();
  await inFolder((folder) => {
    Deno.chdir(folder);
    try {
      for (const resume of ["fresh", "./fresh", "fresh/", join(folder, "fresh"), "fresh/model.ym"]) {
        assertEquals(plan({ out: "fresh", resume }).restarted, true, resume);
        assertEquals(plan({ out: "./fresh", resume }).file, join("fresh", "model.ym"), resume);
      }
      for (const resume of ["fs.ym", "./fs.ym", join(folder, "fs.ym")]) {
        assertEquals(plan({ save: "fs.ym", resume }).restarted, true, resume);
      }
      for (const wishes of [{ out: "fresh" }, { save: "fs.ym" }]) {
        assertThrows(() => plan({ ...wishes, resume: "./other.ym" }), FileError, "there is no such file");
      }
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("a run folder that is resumed into another file stays as it is", async () => {
  await inFolder((folder) => {
    const [saved, other] = [join(folder, "model.ym"), join(folder, "other.ym")];
    Deno.writeTextFileSync(saved, "");
    for (const [save, out] of [[other, undefined], [saved, folder], [join(folder, ".", "model.ym"), folder]] as const) {
      const planned = plan({ resume: folder, save });
      assertEquals([planned.resume, planned.out], [saved, out], save);
    }
    assertEquals(plan({ resume: folder, out: folder, save: other }).out, folder);
  });
});

Deno.test("a resumed training is saved to its own file, or to another one", async () => {
  await inFolder((folder) => {
    const saved = join(folder, "model.ym");
    Deno.writeTextFileSync(saved, "");
    const other = join(folder, "other.ym");
    for (
      const [wishes, expected] of [
        [{ resume: saved }, { resume: saved, file: saved, out: undefined }],
        [{ resume: true, save: saved } as const, { resume: saved, file: saved, out: undefined }],
        [{ resume: saved, save: other }, { resume: saved, file: other, out: undefined }],
        [{ resume: folder }, { resume: saved, file: saved, out: folder }],
        [{ resume: true, out: folder } as const, { resume: saved, file: saved, out: folder }],
      ] as const
    ) {
      const { resume, file, out } = plan(wishes);
      assertEquals({ resume, file, out }, expected);
    }
    assertThrows(() => plan({ resume: true }), UsageError, "option --resume needs a file");
    assertThrows(() => plan({ resume: other }), FileError, "there is no such file or run folder");
  });
});

Deno.test("without a file, only an interrupted training is saved, under an unused name", async () => {
  const before = Deno.cwd();
  await inFolder((folder) => {
    Deno.chdir(folder); // the checkout may be read-only
    try {
      assertEquals(plan({}), {
        file: "no such network.ym",
        saveMode: "stop",
        resume: undefined,
        out: undefined,
        problem: undefined,
      });
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("if nothing can be written here, an interrupted training is saved in the folder for temporary files", {
  ignore: Deno.build.os === "windows",
}, () => {
  const before = Deno.cwd();
  const gone = Deno.makeTempDirSync();
  Deno.chdir(gone);
  Deno.removeSync(gone);
  try {
    const { file = "", saveMode, problem } = plan({});
    assertEquals([saveMode, problem, dirname(file)], ["stop", undefined, dirname(gone)]);
    assertThrows(() => Deno.statSync(file), Deno.errors.NotFound);
  } finally {
    Deno.chdir(before);
  }
});
