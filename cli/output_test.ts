import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadModel } from "../model/files/load_model.ts";
import { inFolder } from "../tests/in_folder.ts";
import { processOutput } from "./output.ts";

/** A stream that keeps what is written, a few bytes at a time, until it fails. */
function streamOf(error?: Error) {
  const written: number[] = [];
  return {
    text: () => new TextDecoder().decode(Uint8Array.from(written)),
    isTerminal: () => false,
    writeSync: (bytes: Uint8Array): number => {
      if (error) throw error;
      written.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  };
}

Deno.test("results and notes are written completely, to their own streams", () => {
  const [results, notes] = [streamOf(), streamOf()];
  const output = processOutput(results, notes);
  output.result("héllo");
  output.note("note");
  assertEquals([results.text(), notes.text(), output.failure], ["héllo\n", "note", undefined]);
  assertEquals([output.columns(), output.resultColumns?.()], [undefined, undefined]);
});

Deno.test("results that cannot be written are reported once, and a reader that has ended is no failure", () => {
  const notes = streamOf();
  const full = processOutput(streamOf(new Error("No space left on device")), notes);
  for (const line of ["a", "b"]) full.result(line);
  assertEquals(notes.text(), "Cannot write to standard output: No space left on device; the rest is left out\n");
  assertEquals(full.failure?.message, "No space left on device");
  const closed = processOutput(streamOf(new Deno.errors.BrokenPipe("Broken pipe")), streamOf(new Error("also full")));
  closed.result("a");
  closed.note("b");
  assertEquals(closed.failure, undefined);
});

const program = fromFileUrl(import.meta.resolve("./mod.ts"));
const job = [
  "logistic_regression",
  "--data",
  "digits",
  "--train-size",
  "100",
  "--device",
  "wasm",
  "--epochs",
  "2",
  "--json",
];
const shell = (script: string, args: readonly string[]) =>
  new Deno.Command("sh", { args: ["-c", script, "sh", Deno.execPath(), "run", "-A", "--no-check", program, ...args] })
    .output();

Deno.test(
  "a training whose output cannot be written is saved all the same",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    await inFolder(async (folder) => {
      for (
        const [script, code, message] of [
          ['exec "$@" > /dev/full', 3, "Cannot write to standard output: No space left on device"],
          ['exec "$@" > /dev/full 2> /dev/full', 3, ""],
          ['{ "$@"; echo "code $?" >&2; } | head -n 1', 0, "code 0"],
        ] as const
      ) {
        const out = join(folder, "run");
        const result = await shell(script, [...job, "--out", out]);
        const errors = new TextDecoder().decode(result.stderr);
        assertEquals(result.code, code, errors);
        assertStringIncludes(errors, message);
        assert(!errors.includes("bug"), errors);
        assertEquals(loadModel(join(out, "model.ym")).report?.epochs, 2);
        Deno.removeSync(out, { recursive: true });
      }
    });
  },
);
