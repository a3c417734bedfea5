/**
 * When products are computed by machine code, and when nothing is made executable.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { nativeProducts } from "../core/wasm/native_products.ts";
import { root } from "./documentation/pages.ts";

const ignore = "refused" in nativeProducts();

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs Deno without a terminal. */
async function deno(...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", `--config=${root}deno.json`, ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

/** Runs a program with some permissions. */
async function program(permissions: readonly string[], text: string): Promise<Ended> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, text);
    return await deno(...permissions, file);
  } finally {
    await Deno.remove(file);
  }
}

const core = import.meta.resolve("../core/mod.ts");

/** Computes a product after some statements, and prints the device and what these statements print. */
const computing = (before: string, after = ""): string => `
  import { arange, deviceInfo, setDevice } from "${core}";
  ${before}
  const x = arange(300 * 300).sin().reshape([300, 300]);
  const y = await x.matmul(x).sum().item();
  console.log(deviceInfo().name.includes("products"), Number.isFinite(y));
  ${after}`;

/** Counts the libraries that are opened. */
const counting = `let opened = 0; const { dlopen } = Deno; Deno.dlopen = (...given) => (opened++, dlopen(...given));`;

Deno.test({
  name: "with FFI, products are computed by machine code; nothing is opened without one",
  ignore,
  async fn() {
    const { out, err } = await program(["-A"], computing(`${counting} await setDevice("wasm");`));
    assertEquals(out, "true true\n", err);
    const few =
      `import { arange } from "${core}"; ${counting} await arange(1000).exp().sum().item(); console.log(opened);`;
    assertEquals((await program(["-A"], few)).out, "0\n");
  },
});

Deno.test("without FFI or with native: false, no library is opened, nothing is asked, and products are right", async () => {
  const print = "console.log(opened);";
  const denied = await program(["-A", "--deny-ffi"], computing(counting, print));
  assertEquals(denied.out, "false true\n0\n", denied.err);
  const none = await program([], computing(counting, print));
  assertEquals(none.out, "false true\n0\n", none.err);
  const off = await program(["-A"], computing(`${counting} await setDevice("wasm", { native: false });`, print));
  assertEquals(off.out, "false true\n0\n", off.err);
});

Deno.test("doctor says in one line why products are not computed by machine code", async () => {
  const lineOf = async (permissions: readonly string[], ...args: string[]): Promise<string> => {
    const { out, err } = await deno(...permissions, "examples/mnist.ts", "doctor", "--seconds", "0", ...args);
    const lines = out.split("\n").filter((line) => line.startsWith("Products in machine code: "));
    assertEquals(lines.length, 1, err);
    return lines[0].slice("Products in machine code: ".length);
  };
  assertMatch(await lineOf(["-A", "--deny-ffi"]), /^no; .*--allow-ffi$/);
  assertEquals(await lineOf(["-A"], "--no-native"), "no; it was switched off by --no-native");
  const found = nativeProducts();
  assertStringIncludes(await lineOf(["-A"]), "refused" in found ? found.refused : found.name);
});

Deno.test({
  name: "if other threads may not use FFI any more, the run fails with a message that says so",
  ignore,
  async fn() {
    const text = `
      import { openWasm } from "${import.meta.resolve("../core/wasm/backend.ts")}";
      import { product } from "${import.meta.resolve("../bench/wasm_products.ts")}";
      const backend = openWasm({ threads: 3 });
      console.log(backend.info.name.includes("products"));
      Deno.permissions.revokeSync({ name: "ffi" });
      const program = product(400, 400, 400);
      const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
      const executable = backend.load(program);
      const end = Date.now() + 10_000;
      try {
        while (Date.now() < end) executable.run(buffers);
      } catch ({ message }) {
        console.log(message);
      }
      Deno.exit(0);`;
    const { out, err } = await program(["-A"], text);
    const [hasProducts, message] = out.split("\n");
    assertEquals(hasProducts, "true", err);
    assertMatch(message, /^Cannot run .*: .*Requires ffi access/, out + err);
  },
});
