import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { UsageError } from "../errors.ts";
import { reserve } from "./reserve.ts";
import type { SavingPlan } from "./saving_plan.ts";

const plan: SavingPlan = { file: undefined, saveMode: null, resume: undefined, out: undefined, problem: undefined };

Deno.test("the run folder and the file of a training are reserved", async () => {
  await inFolder((folder) => {
    const [out, file] = [join(folder, "run"), join(folder, "mlp.ym")];
    {
      using reserved = reserve({ ...plan, out, file, saveMode: "each" });
      assertEquals(reserved.saving.file, file);
      assertThrows(() => reserve({ ...plan, out, file: join(out, "model.ym"), saveMode: "each" }), FileError);
      assertThrows(() => reserve({ ...plan, file, saveMode: "each" }), FileError);
      assertThrows(() => reserve({ ...plan, out: join(folder, "b"), file, saveMode: "each" }), FileError);
    }
    // What was reserved before the refusal is free again.
    reserve({ ...plan, out: join(folder, "b"), file, saveMode: "each" })[Symbol.dispose]();
    reserve(plan)[Symbol.dispose]();
  });
});

Deno.test("a run that was saved since the plan was made is not overwritten", async () => {
  await inFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "model.ym"), "");
    assertThrows(() => reserve({ ...plan, out: folder }), UsageError, "already contains a run (model.ym)");
  });
});

Deno.test("trainings that are saved only if they are interrupted have different files", async () => {
  await inFolder((folder) => {
    const spare: SavingPlan = { ...plan, file: join(folder, "mlp.ym"), saveMode: "stop" };
    using first = reserve(spare);
    using second = reserve(spare);
    assertEquals([first.saving.file, second.saving.file], [spare.file, join(folder, "mlp-2.ym")]);
  });
});
