/**
 * The options of the device that computes on the CPU: threads, and machine code for products.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { arange } from "../core/creation.ts";
import { deviceInfo, devices, deviceStatistics, setDevice } from "../core/device.ts";
import { cpuOptions, type DeviceOptions } from "../core/device_options.ts";
import { root } from "./documentation/pages.ts";
import { testOptions } from "./option_definitions.ts";

const SIZE = 120;

/** The bits of a product of matrices on the chosen device. */
async function product(): Promise<Float32Array> {
  const x = arange(SIZE * SIZE).sin().reshape([SIZE, SIZE]);
  return await x.matmul(x).data() as Float32Array;
}

testOptions<DeviceOptions>("setDevice", cpuOptions, {
  threads: async () => {
    for (const threads of [3, 1, 5]) {
      const { name } = await setDevice("wasm", { threads, native: false });
      assertEquals(name, `WebAssembly SIMD, ${threads} thread${threads === 1 ? "" : "s"}`);
      await product();
      assertEquals(deviceStatistics().threads, threads - 1);
    }
  },
  native: async () => {
    await setDevice("wasm", { threads: 1, native: false });
    const expected = await product();
    for (const options of [{}, { threads: 2 }, { threads: 3, native: true }, { native: false }]) {
      const { name } = await setDevice("wasm", options);
      assertMatch(name, /^WebAssembly SIMD( with AVX2 products| with AVX-512 products)?, \d+ threads?$/);
      assert(options.native !== false || !name.includes("products"), name);
      assertEquals(await product(), expected, name);
    }
  },
});

Deno.test("without options a device stays as it is, and with equal options it is the same", async () => {
  const first = await setDevice("wasm", { threads: 3 });
  const x = arange(4);
  for (const choose of [() => setDevice("wasm"), () => setDevice("auto"), () => setDevice("wasm", { threads: 3 })]) {
    assertEquals(await choose(), first);
    assertEquals(await x.add(1).toArray(), [1, 2, 3, 4]);
  }
  await setDevice("wasm", { threads: 2 });
  await setDevice("wasm", { threads: 3 });
  assertEquals(deviceInfo(), first);
  assertEquals(await x.add(1).toArray(), [1, 2, 3, 4]);
});

Deno.test("options that are invalid, or that a device does not take, are refused", () => {
  const cases: [() => unknown, string][] = [
    [() => setDevice("wasm", { threads: 0 }), "expected threads to be a whole number from 1 to 1024, got 0"],
    [() => setDevice("wasm", { threds: 2 } as never), 'unknown option "threds"; did you mean threads?'],
    [
      () => setDevice("webgpu", { threads: 2 }),
      "Cannot use device webgpu with option threads: only wasm takes it, which runs on the CPU",
    ],
    [() => setDevice("webgpu", { native: false }), "Cannot use device webgpu with option native"],
  ];
  for (const [choose, message] of cases) assertThrows(choose, RangeError, message);
  assertThrows(
    () => setDevice("auto", { native: 1 } as never),
    TypeError,
    "expected native to be true or false, got 1",
  );
});

Deno.test("options count for auto if WebAssembly is chosen", async () => {
  const hasGpu = (await devices()).some(({ kind, software }) => kind === "webgpu" && !software);
  if (hasGpu) return;
  assertEquals((await setDevice("auto", { threads: 2, native: false })).name, "WebAssembly SIMD, 2 threads");
});

/** The default number of threads of a process with some permissions and variables. */
async function defaultThreads(permissions: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const code = `import { setDevice } from "${import.meta.resolve("../core/mod.ts")}";
    const { name } = await setDevice("wasm");
    console.log(/(\\d+) threads?$/.exec(name)[1]);`;
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(file, code);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", `--config=${root}deno.json`, ...permissions, file],
      env: { NO_COLOR: "1", ...env },
    }).output();
    const text = new TextDecoder();
    return Number(text.decode(stdout) || text.decode(stderr));
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("by default there are as many threads as processors, or as Slurm gave if that may be read", async () => {
  const all = navigator.hardwareConcurrency;
  const variable = "SLURM_CPUS_PER_TASK";
  assertEquals(await defaultThreads([], { [variable]: "1" }), all);
  assertEquals(await defaultThreads([`--allow-env=${variable}`], { [variable]: "1" }), 1);
  assertEquals(await defaultThreads(["-A"], { [variable]: "1000" }), all);
  assertEquals(await defaultThreads(["-A"], { [variable]: "many" }), all);
});
