import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { key } from "../../core/random/bits.ts";
import { data, samples } from "../../data/mod.ts";
import { inputLayer, logisticRegression } from "../../layers/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { writeModel } from "./container.ts";
import { FileError } from "./errors.ts";
import { isLeased, takeLease, takeNewFile } from "./lease.ts";
import { loadModel } from "./load_model.ts";
import { saveModel } from "./save_model.ts";

Deno.test("only one process holds the lease of a folder or a file, and the error names it", async () => {
  await inFolder((folder) => {
    for (const path of [folder, join(folder, "mlp.ym")]) {
      assertEquals(isLeased(path), false);
      {
        using _lease = takeLease(path);
        assertEquals(isLeased(path), true);
        const { message } = assertThrows(() => takeLease(path), FileError);
        assertStringIncludes(message, `Cannot write ${path}: another training (process ${Deno.pid} on `);
        assertStringIncludes(message, "is writing to it; nothing was started; wait for it, or choose another place");
      }
      assertEquals(isLeased(path), false);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("a lease that a dead process left is taken", async () => {
  await inFolder((folder) => {
    for (
      const left of [
        "",
        "x".repeat(1000),
        '{"host":',
        '{"host":"elsewhere","pid":1,"started":"2026-01-01T00:00:00Z"}\n',
      ]
    ) {
      Deno.writeTextFileSync(join(folder, ".lease"), left);
      {
        using _lease = takeLease(folder);
        assertEquals(JSON.parse(Deno.readTextFileSync(join(folder, ".lease"))).pid, Deno.pid);
      }
      assertEquals([...Deno.readDirSync(folder)], []);
    }
  });
});

Deno.test(
  "a link and the file to which it leads have the same lease",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await inFolder((folder) => {
      const [file, link] = [join(folder, "mlp.ym"), join(folder, "best.ym")];
      Deno.writeTextFileSync(file, "");
      Deno.symlinkSync(file, link);
      using _lease = takeLease(link);
      assertThrows(() => takeLease(file), FileError, "another training");
      assertThrows(() => takeLease(join(folder, "..", folder.split("/").at(-1)!, "mlp.ym")), FileError);
    });
  },
);

Deno.test(
  "the end of a lease does not remove that of another process",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await inFolder((folder) => {
      const first = takeLease(folder);
      // A user removes the file by hand, so the next training finds none.
      Deno.removeSync(join(folder, ".lease"));
      using _second = takeLease(folder);
      first[Symbol.dispose]();
      first[Symbol.dispose]();
      assertThrows(() => takeLease(folder), FileError, "another training");
    });
  },
);

Deno.test("a new file has a name that neither exists nor is in use", async () => {
  await inFolder((folder) => {
    const name = join(folder, "mlp");
    Deno.writeTextFileSync(`${name}.ym`, "");
    const [first, second] = [takeNewFile(name), takeNewFile(name)];
    assertEquals([first.file, second.file], [`${name}-2.ym`, `${name}-3.ym`]);
    first.lease[Symbol.dispose]();
    using third = takeNewFile(name).lease;
    assertThrows(() => takeLease(first.file), FileError);
    third[Symbol.dispose]();
    second.lease[Symbol.dispose]();
  });
});

const program = `
  import { takeLease } from ${JSON.stringify(import.meta.resolve("./lease.ts"))};
  const [path, times] = Deno.args;
  let taken = 0;
  // Whoever starts late finds the others at work, and goes on until it has had the lease once.
  for (let i = 0; i < Number(times) || taken === 0 && i < 1e6; i++) {
    try {
      using _lease = takeLease(path);
      // Two holders at once would find the file of the other one.
      Deno.writeTextFileSync(path + ".held", "", { createNew: true });
      Deno.removeSync(path + ".held");
      taken++;
    } catch (error) {
      if (error.name !== "FileError") throw error;
    }
  }
  console.log(taken);
`;

Deno.test("of processes that race for a lease, one at a time has it", async () => {
  await inFolder(async (folder) => {
    const script = join(folder, "race.ts");
    Deno.writeTextFileSync(script, program);
    const args = [
      "run",
      "-A",
      "--quiet",
      "--no-check",
      "--config",
      fromFileUrl(import.meta.resolve("../../deno.json")),
    ];
    const all = await Promise.all(
      [1, 2, 3].map(() =>
        new Deno.Command(Deno.execPath(), { args: [...args, script, join(folder, "a.ym"), "300"] }).output()
      ),
    );
    const text = new TextDecoder();
    for (const { success, stderr, stdout } of all) {
      assertEquals(success, true, text.decode(stderr));
      assertEquals(Number(text.decode(stdout)) > 0, true, "one process never had the lease");
    }
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["race.ts"]);
  });
});

Deno.test("a file to which a training writes is not overwritten, and the error names the process", async () => {
  await inFolder(async (folder) => {
    const input = inputLayer({ shape: [null, 1] });
    const set = { x: samples([[1], [2], [3]]), y: Int32Array.of(0, 1, 0) };
    const net = network("net", [input, logisticRegression(input, { nClass: 2 })]);
    const untrained = model({ network: net, data: data([set, set]), hyperparameters: { batchSize: 1, nEpochs: 3 } });
    const other = model({ network: net.withWeights(net.init(key(1))) });
    const file = join(folder, "net.ym");
    const link = Deno.build.os === "windows" ? file : join(folder, "link.ym");
    if (link !== file) Deno.symlinkSync(file, link);
    const writers: readonly ((file: string) => unknown)[] = [
      (file) => saveModel(other, file),
      (file) => other.saveModel(file),
      (file) => other.network.saveParams(file),
      (file) => other.toConf(file),
      (file) => writeModel(file, { configuration: {}, state: {}, groups: {} }),
    ];
    const tries: Promise<unknown>[] = [];
    let saves = 0;
    const { model: trained } = await untrained.train({
      file,
      saveMode: "epoch",
      onEvent: ({ event }) => {
        if (event === "save") saves++;
        if (event !== "epoch") return;
        for (const write of writers) {
          tries.push(Promise.try(write, saves % 2 ? link : file).then(() => undefined, (error) => error));
        }
      },
    });
    assertEquals([tries.length, saves > 2], [15, true]);
    for (const reason of await Promise.all(tries)) {
      assert(reason instanceof FileError);
      assertStringIncludes(reason.message, `.ym: another training (process ${Deno.pid} on `);
      assertStringIncludes(
        reason.message,
        "is writing to it; nothing was written; save to another file, or wait until the training has ended",
      );
    }
    assertEquals(loadModel(file).report?.epochs, 3);
    for (const write of [(file: string) => trained.saveModel(file), ...writers]) await write(file);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort().at(-1), "net.ym");
  });
});
