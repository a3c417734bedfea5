import { assert, assertEquals } from "@std/assert";
import { setDevice } from "../../../core/device.ts";
import { networks } from "../../../examples/networks.ts";
import { computersOf, hashesBy } from "./processes.ts";
import { changesOf, readRecorded, RECORDED_SEED, recordedSteps } from "./recorded.ts";
import { models, resumeFromEachStep } from "./resuming.ts";
import { sameBitsOn } from "./rounding.ts";
import { differencesIn } from "./suite.ts";

/** Networks whose 200 steps take about a second each: products, pre-training, running means, time steps. */
const quick = ["logistic_regression", "autoencoder", "batch_normalization", "rnn"];

Deno.test("two processes with different numbers of threads, one with machine code, compute the recorded weights", async () => {
  const options = { device: "wasm", steps: recordedSteps.wasm, seed: RECORDED_SEED, networks: quick } as const;
  const [one, three] = await Promise.all(
    [1, 3].map((threads) => hashesBy({ ...options, threads, native: threads > 1 })),
  );
  assertEquals([...one.keys()], quick);
  assertEquals(three, one);
  assertEquals(changesOf(await sameBitsOn("wasm"), one, await readRecorded()), []);
});

Deno.test("the weights of every example network are recorded", async () => {
  for (const [machine, hashes] of Object.entries(await readRecorded())) {
    assertEquals(Object.keys(hashes), Object.keys(networks), machine);
    for (const hash of Object.values(hashes)) assert(/^[0-9a-f]{64}$/.test(hash), hash);
  }
});

Deno.test("other weights than recorded, and other weights in another process, are faults with the network's name", () => {
  const [known, other] = [["mlp", "a"], ["mlp", "b"]] as const;
  assertEquals(changesOf("wasm", new Map([known]), { wasm: { mlp: "a" } }), []);
  assertEquals(changesOf("webgpu", new Map([known]), { wasm: { mlp: "b" } }), []);
  const [change] = changesOf("wasm", new Map([other]), { wasm: { mlp: "a" } });
  assert(change.startsWith("wasm: the weights of mlp differ from those that are recorded."), change);
  const computed = [known, known, other].map((entry, i) => ({
    computer: { device: "wasm", threads: i + 1, native: false } as const,
    hashes: new Map([entry]),
  }));
  assertEquals(differencesIn(computed), ["mlp: other weights on wasm, 3 threads than on wasm, 1 thread"]);
  assertEquals(differencesIn(computed.slice(0, 2)), []);
});

Deno.test("twenty processes have all numbers of threads on all devices", () => {
  const computers = computersOf(20, ["wasm", "webgpu"]);
  const threadsOn = (device: string) =>
    new Set(computers.filter((one) => one.device === device).map((one) => one.threads));
  assertEquals([threadsOn("wasm"), threadsOn("webgpu")], [new Set([1, 2, 3, 8]), new Set([1, 2, 3, 8])]);
  const withCode = computers.filter(({ native }) => native);
  assertEquals(new Set(withCode.map(({ device, threads }) => `${device} ${threads}`)).size, 4);
  assert(withCode.every(({ device }) => device === "wasm"));
  assertEquals(computersOf(20, ["wasm"]).filter(({ device }) => device === "webgpu"), []);
});

Deno.test("a training with pooling that is resumed from any of its steps saves the same files", async () => {
  await setDevice("wasm");
  const faults: string[] = [];
  const [convpool, steps] = models().find(([{ name }]) => name === "convpool")!;
  assertEquals(await resumeFromEachStep(convpool, steps, { seed: 3, device: "wasm", faults }), 15);
  assertEquals(faults, []);
});
