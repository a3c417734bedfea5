/**
 * A third device, made of only the evaluator of nests and the interface of devices, computes everything that the others
 * do. So the code above that interface depends on no device, and a device depends only on the interface.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DeviceError } from "../core/backend.ts";
import { computeAtOnceBy, deviceInfo, deviceStatistics } from "../core/device.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { scan } from "../core/scan.ts";
import { importsOf } from "../scripts/check_imports.ts";
import { runDirectory } from "./conformance/run.ts";
import { copy } from "./documentation/copy.ts";
import { root } from "./documentation/pages.ts";
import { inFolder } from "./in_folder.ts";
import { assertDevice, numbers, tensorOf } from "./oracle.ts";
import { primitiveCases } from "./primitive_cases.ts";
import { ProgramArbitrary } from "./proof/programs/arbitrary.ts";
import { believed, checkCompiled, checkEager } from "./proof/programs/check.ts";
import { expect } from "./proof/programs/expected.ts";
import { gradientGraph, lossOf } from "./proof/programs/gradients.ts";
import { openReference } from "./reference_backend.ts";

// Only the kinds of the table have names, so the device uses one of them.
computeAtOnceBy(() => openReference("wasm"));

Deno.test("the device of these tests is the evaluator", () => {
  assertEquals(deviceInfo().name, "evaluator in double precision");
});

for (const [name, cases] of Object.entries(primitiveCases)) {
  Deno.test(`${name} gives what the interpreter computes, on the evaluator`, async () => {
    for (const one of cases) await assertDevice(one.fn, one.inputs(1), name, one);
  });
}

for (const selection of ["onnx", "odd"]) {
  Deno.test(`every case of conformance/cases/${selection} has the expected result, on the evaluator`, async () => {
    const lines: string[] = [];
    const { ok } = await runDirectory(`${root}tests/conformance/cases/${selection}`, (line) => lines.push(line));
    assertEquals(lines.filter((line) => !/^(ok|total) /.test(line)), []);
    assert(ok > 100);
  });
}

const seed = 20241116;

Deno.test("any program is computed, compiled or not, on the evaluator", async () => {
  await fc.assert(
    fc.asyncProperty(new ProgramArbitrary(), fc.boolean(), async (program, eager) => {
      await believed(async (options) => {
        const expected = expect(program.graph, program.inputs, options);
        await (eager ? checkEager(program, expected, "wasm") : checkCompiled(program, expected, { kind: "wasm" }));
      });
    }),
    { seed, numRuns: 150 },
  );
});

Deno.test("the gradient of any program is computed, on the evaluator", async () => {
  await fc.assert(
    fc.asyncProperty(new ProgramArbitrary(), async ({ graph, inputs }) => {
      const loss = lossOf(graph, inputs);
      if (!loss) return;
      const gradient = gradientGraph(loss, inputs);
      await believed((options) =>
        checkCompiled({ graph: gradient, inputs }, expect(gradient, inputs, options), { kind: "wasm" })
      );
    }),
    { seed, numRuns: 50 },
  );
});

Deno.test("a donated state is overwritten, and its memory is not used twice", async () => {
  const step = jit((state: Tensor, x: Tensor) => state.mul(0.5).add(x), { donate: [0] });
  const x = tensorOf(numbers([8]));
  let state = step(x.add(0), x);
  await state.data();
  const { liveBytes } = deviceStatistics();
  for (let turn = 0; turn < 3; turn++) state = step(state, x);
  assertEquals(deviceStatistics().liveBytes, liveBytes);
});

Deno.test("kernels inside loops count once per iteration", async () => {
  const sums = jit((xs: Tensor) => scan((c: Tensor, x: Tensor): [Tensor, null] => [c.add(x), null], xs.sum(), xs)[0]);
  const xs = tensorOf(numbers([5]));
  await sums(xs).data();
  const { dispatches } = deviceStatistics();
  await sums(xs).data();
  assert(deviceStatistics().dispatches - dispatches >= 5);
});

Deno.test("buffers that are too small, too large or released are refused", async () => {
  const backend = openReference("wasm");
  const buffer = backend.allocate(8);
  assertThrows(
    () => backend.write(buffer, new Float32Array(3)),
    DeviceError,
    "Cannot write 12 bytes: the buffer has 8",
  );
  await assertRejects(() => backend.read(buffer, 12), DeviceError, "Cannot read 12 bytes: the buffer has 8");
  assertThrows(() => backend.allocate(2 ** 40), DeviceError, "Cannot allocate 1099511627776 bytes");
  backend.release(buffer);
  assertThrows(() => backend.release(buffer), DeviceError, "Cannot release buffer 0");
  assertEquals(backend.statistics.liveBytes, 0);
});

Deno.test("the device has 150 lines, and imports only the interface, element types and nests", async () => {
  const path = "tests/reference_backend.ts";
  const text = await Deno.readTextFile(`${root}${path}`);
  assert(text.split("\n").length - 1 <= 150);
  const targets = importsOf(path, text).map(({ target }) => target);
  assertEquals(targets.filter((target) => !/^core\/(?:backend|dtype|nest\/\w+)\.ts$/.test(target)), []);
});

const row = `reference: {
    title: "evaluator",
    open: async () => (await import("../tests/reference_backend.ts")).openReference("reference"),
  },`;

const program = `
import { tensor } from "./core/creation.ts";
import { deviceInfo, devices, setDevice } from "./core/device.ts";

const kinds = (await devices()).map(({ kind }) => kind);
await setDevice("reference");
console.log(kinds.includes("reference"), deviceInfo().kind, await tensor([1, 2]).add(3).toArray());
`;

async function replaceOnce(file: string, pattern: string, text: string): Promise<void> {
  const old = await Deno.readTextFile(file);
  assertEquals(old.split(pattern).length, 2, `${pattern} in ${file}`);
  await Deno.writeTextFile(file, old.replace(pattern, text));
}

Deno.test("a device is chosen by name if it has a name and a row in the table", () =>
  inFolder(async (folder) => {
    await copy(`${root}core`, `${folder}/core`);
    await Deno.mkdir(`${folder}/tests`);
    await Deno.copyFile(`${root}tests/reference_backend.ts`, `${folder}/tests/reference_backend.ts`);
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    await Deno.writeTextFile(`${folder}/program.ts`, program);
    await replaceOnce(`${folder}/core/device_table.ts`, '"webgpu" | "wasm"', '"webgpu" | "wasm" | "reference"');
    await replaceOnce(`${folder}/core/device_table.ts`, "  wasm: {", `  ${row}\n  wasm: {`);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "--no-lock", "program.ts"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    assertEquals(text.decode(stdout), "true reference [ 4, 5 ]\n", text.decode(stderr));
  }));
