import { assert, assertEquals } from "@std/assert";

const FLAG = "--experimental-wasm-revectorize";

interface Answer {
  readonly joins: boolean;
  readonly bits: string;
}

/** What an engine with the flag, or without it, answers. */
async function answer(flag: boolean): Promise<Answer> {
  const script = new URL("./test_joined_vectors.ts", import.meta.url).href;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", `--v8-flags=${flag ? FLAG : `--no${FLAG.slice(1)}`}`, script],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Whether this processor is known to have vectors of eight numbers. */
async function hasWideVectors(): Promise<boolean> {
  if (Deno.build.arch !== "x86_64" || Deno.build.os !== "linux") return false;
  return / avx2 .*/.test(await Deno.readTextFile("/proc/cpuinfo"));
}

Deno.test("an engine that joins vectors is told from one that does not, and gives the same bits", async () => {
  const plain = await answer(false);
  assertEquals(plain.joins, false);
  // On a busy machine the optimized code may come too late to be seen.
  let joined = await answer(true);
  for (let attempt = 0; attempt < 4 && !joined.joins; attempt++) joined = await answer(true);
  assertEquals(joined.joins, await hasWideVectors());
  assertEquals(joined.bits, plain.bits);
});
