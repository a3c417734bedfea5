/**
 * What each entry of the package loads when it is imported, and whether all of them can compute.
 *
 * @module
 */

import { moduleLists, moduleListText } from "../scripts/module_lists.ts";
import { assert, assertEquals } from "@std/assert";

const root = new URL("..", import.meta.url);

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

interface ModuleGraph {
  readonly roots: readonly [string];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** The files, relative to the root, that importing `entry` loads at once. */
async function filesOf(entry: string): Promise<string[]> {
  const { roots, modules }: ModuleGraph = JSON.parse(await deno("info", "--json", entry));
  const known = new Map(modules.map((one) => [one.specifier, one]));
  const loaded = new Set<string>(roots);
  for (const file of loaded) {
    for (const { code, isDynamic } of known.get(file)?.dependencies ?? []) {
      if (code?.specifier !== undefined && !isDynamic) loaded.add(code.specifier);
    }
  }
  return [...loaded].map((file) => file.replace(root.href, ""));
}

/** Runs a program in a separate process, and returns its output. */
async function run(program: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    return (await deno("run", "--allow-read", "--config", "deno.json", file)).trimEnd();
  } finally {
    await Deno.remove(file);
  }
}

const deviceCode = /^core\/(?:wasm|webgpu)\//;

for (const entry of ["layers", "optim", "data", "model"]) {
  Deno.test(`importing ${entry} alone loads no code of any device`, async () => {
    const files = await filesOf(`${entry}/mod.ts`);
    assert(files.includes("core/tensor.ts"), files.join("\n"));
    assertEquals(files.filter((file) => deviceCode.test(file)), []);
  });
}

for (const entry of ["mod.ts", "core/mod.ts"]) {
  Deno.test(`importing ${entry} loads the code for WebAssembly, and not that for WebGPU`, async () => {
    const files = await filesOf(entry);
    assert(files.includes("core/wasm/backend.ts"), files.join("\n"));
    assertEquals(files.filter((file) => file.startsWith("core/webgpu/")), []);
  });
}

Deno.test("importing mod.ts loads only files of the package, and no modules of a host", async () => {
  assertEquals(
    (await filesOf("mod.ts")).filter((file) => !/^(?:core|data|layers|model|optim)\/|^mod\.ts$/.test(file)),
    [],
  );
});

Deno.test("if core was imported, the first computation uses WebAssembly at once", async () => {
  const program = `
    import { deviceInfo, deviceStatistics, jit, tensor, type Tensor } from "@yadll/yadll/core";
    const x = tensor([1, 2, 3]);
    const double = jit((x: Tensor) => x.mul(2), {});
    const sum = double(x).add(1);
    console.log(deviceStatistics().submissions, deviceInfo().kind, await sum.toArray());
  `;
  assertEquals(await run(program), "2 wasm [ 3, 5, 7 ]");
});

Deno.test("layers and data compute without core, at the latest when values are read", async () => {
  const program = `
    import { data, samples } from "@yadll/yadll/data";
    import { dense, getActivation, relu } from "@yadll/yadll/layers";
    const set = { x: samples([[1, -2], [3, 4]]), y: Int32Array.of(0, 1) };
    const { x } = data([set, set]).training;
    const shifted = x.add(1);
    const loss = x.mean();
    const twice = shifted.add(shifted);
    const W = x.mul(0);
    console.log(await relu(shifted).toArray(), await twice.toArray());
    x.dispose();
    console.log(await loss.item(), await dense({ W, b: x.sum({ axis: 0 }) }, shifted, getActivation("relu")).toArray());
  `;
  assertEquals(await run(program), "[ [ 2, 0 ], [ 4, 5 ] ] [ [ 4, -2 ], [ 8, 10 ] ]\n1.5 [ [ 4, 2 ], [ 4, 2 ] ]");
});

Deno.test("a model trains and predicts without core", async () => {
  const program = `
    import { data, digitsLoader } from "@yadll/yadll/data";
    import { autoEncoder, inputLayer, logisticRegression } from "@yadll/yadll/layers";
    import { model, network } from "@yadll/yadll/model";
    const input = inputLayer({ shape: [null, 784] });
    const hidden = autoEncoder(input, { nUnits: 20 });
    const untrained = model({
      network: network("one", [input, hidden, logisticRegression(hidden, { nClass: 10 })]),
      data: data(digitsLoader({ sizes: [200, 50, 50] })),
      hyperparameters: { batchSize: 50, nEpochs: 1, learningRate: 0.1 },
    });
    const { x } = untrained.data.training;
    const sum = x.sum();
    const { model: trained } = await untrained.train();
    console.log(trained.predict(x).shape, await sum.item() > 0, (await trained.predict(x).data()).length);
  `;
  assertEquals(await run(program), "[ 200 ] true 200");
});

Deno.test("the lists of modules that entries read side by side are up to date: deno run -A scripts/module_lists.ts", async () => {
  for (const list of moduleLists) {
    assertEquals(await Deno.readTextFile(new URL(list.path, root)), await moduleListText(list), list.path);
  }
});
