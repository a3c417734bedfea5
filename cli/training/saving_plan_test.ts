import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
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
    assertThrows(() => plan({ out }), UsageError, "already contains a run (events.jsonl)");
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

Deno.test("without a file, only an interrupted training is saved, under an unused name", () => {
  assertEquals(plan({}), {
    file: "no such network.ym",
    saveMode: "stop",
    resume: undefined,
    out: undefined,
    problem: undefined,
  });
});
