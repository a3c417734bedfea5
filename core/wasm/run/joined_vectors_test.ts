import { assert, assertEquals } from "@std/assert";
import type * as joinedVectors from "./joined_vectors.ts";

const FLAG = "--experimental-wasm-revectorize";

interface Answer {
  readonly joins: boolean;
  readonly bits: string;
}

/** The output of the script on an engine with the flag or without it. */
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

/** Whether this processor has AVX2, as far as can be known. */
async function hasWideVectors(): Promise<boolean> {
  if (Deno.build.arch !== "x86_64" || Deno.build.os !== "linux") return false;
  return / avx2 .*/.test(await Deno.readTextFile("/proc/cpuinfo"));
}

Deno.test("an engine that joins vectors is recognized, and computes the same bits as one that does not", async () => {
  const plain = await answer(false);
  assertEquals(plain.joins, false);
  // On a busy machine, the engine may optimize the code too late for the measurement.
  let joined = await answer(true);
  for (let attempt = 0; attempt < 4 && !joined.joins; attempt++) joined = await answer(true);
  assertEquals(joined.joins, await hasWideVectors());
  assertEquals(joined.bits, plain.bits);
});

Deno.test("the loops that are measured are as recorded", async () => {
  const { Module } = WebAssembly;
  const made: Uint8Array[] = [];
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [bytes]: [Uint8Array<ArrayBuffer>]) {
      made.push(bytes);
      return new target(bytes);
    },
  });
  try {
    const { canJoinVectors }: typeof joinedVectors = await import(
      new URL("joined_vectors.ts?measured", import.meta.url).href
    );
    const joins = canJoinVectors();
    assertEquals(canJoinVectors(), joins);
  } finally {
    WebAssembly.Module = Module;
  }
  assertEquals(made.length, 1);
  // FNV-1a. The loops differ only in the distances between vectors.
  const hash = made[0].reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
  assertEquals(hash, 4286536648);
});
