import { assert, assertEquals } from "@std/assert";
import { takeLease } from "../../model/files/lease.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { main } from "../mod.ts";

Deno.test("a training without a file of its own takes another name if its file is taken before its first step", async () => {
  await inFolder(async (folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    using leases = new DisposableStack();
    let isHeld = false;
    const take = (): void => {
      leases.use(takeLease("logistic_regression.ym"));
      isHeld = true;
      const timer = setTimeout(() => {
        leases.dispose();
        isHeld = false;
      }, 20_000);
      leases.defer(() => clearTimeout(timer));
    };
    const notes: string[] = [];
    const output = {
      result: () => {},
      note: (text: string) => {
        notes.push(text);
        // The name is free between this note, the last one before the training, and its start.
        if (/^Data: /m.test(text)) queueMicrotask(take);
      },
      columns: () => undefined,
    };
    try {
      const call = [
        "logistic_regression",
        "--data",
        "digits",
        "--train-size",
        "50",
        "--epochs",
        "1",
        "--device",
        "wasm",
      ];
      const code = await main(call, { call: "yadll", output });
      assertEquals(code, 0, notes.join(""));
      assert(isHeld, notes.join(""));
    } finally {
      Deno.chdir(before);
    }
  });
});
