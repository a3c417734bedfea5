import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openC } from "./c_functions.ts";
import { checkKernels } from "./check_kernels.ts";
import { denoHost, makeKernels } from "./make_kernels.ts";
import { nativeKernels } from "./native.ts";
import { writeProcessorQuery } from "./processor.ts";
import { systems } from "./systems.ts";
import { failing, testNative } from "./testing.ts";

const host = { system: systems.linux, open: openC, check: checkKernels };

testNative("kernels are made once", () => {
  const found = nativeKernels();
  assert("address" in found);
  assertEquals(nativeKernels(), found);
  const shape = found.name === "AVX2" ? [6, 16] : [8, 32];
  assertEquals([found.rows, found.columns], shape);
});

testNative("each cause by which they cannot be made is reported", () => {
  const bytes = writeProcessorQuery(systems.linux).length;
  const noMemory = `the system gave no memory for machine code (mmap of ${bytes} bytes failed)`;
  assertEquals(makeKernels({ ...host, open: () => failing(["mmap"]) }), { refused: noMemory });
  const noCode = "the system does not let programs make machine code (mprotect failed)";
  assertEquals(makeKernels({ ...host, open: () => failing(["mprotect"]) }), { refused: noCode });
  const open = () => ({ ...failing([]), bsearch: () => {} });
  assertEquals(makeKernels({ ...host, open }), { refused: "this processor has no AVX2" });
});

testNative("kernels that fail their test are freed, and the difference is reported", () => {
  let freed = 0;
  const open = () => {
    const c = failing([]);
    return {
      ...c,
      munmap: (...given: Parameters<typeof c.munmap>) => {
        freed++;
        return c.munmap(...given);
      },
    };
  };
  const { refused } = makeKernels({ ...host, open, check: () => "element [0, 0] is wrong" }) as { refused: string };
  assertEquals(refused.replace("AVX-512", "AVX2"), "the AVX2 kernels failed their test: element [0, 0] is wrong");
  assertEquals(freed, 2);
});

testNative("an error is reported in one line", () => {
  const system = { ...systems.linux, library: "libnowhere.so.0" };
  const found = makeKernels({ ...host, system });
  assert("refused" in found);
  assertStringIncludes(found.refused, "machine code could not be made: Could not open library");
  const open = () => {
    throw new Error("one\ntwo");
  };
  assertEquals(makeKernels({ ...host, open }), { refused: "machine code could not be made: one" });
});

/** What a program with some permissions prints. */
async function printed(program: string, ...flags: string[]): Promise<string> {
  const text = `import { nativeKernels } from ${JSON.stringify(import.meta.resolve("./native.ts"))}; ${program}`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", ...flags, `data:text/javascript,${encodeURIComponent(text)}`],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name: "without the permission there are no kernels and no question",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64",
  fn: async () => {
    const refused = "calling libc.so.6 is not permitted; run again with --allow-ffi";
    const show = "console.log(nativeKernels().refused ?? 'made');";
    assertEquals(await printed(show), refused);
    assertEquals(await printed(show, "-A", "--deny-ffi"), refused);
    assertEquals(await printed(show, "--allow-ffi=/nowhere/libc.so.6"), refused);
  },
});

testNative("a permission that is revoked or granted later is noticed", async () => {
  const revoke = "Deno.permissions.revokeSync({ name: 'ffi' }); console.log(nativeKernels().refused ?? 'made');";
  assertStringIncludes(await printed(revoke, "-A"), "not permitted");
  assertEquals(await printed("console.log(nativeKernels().refused ?? 'made')", "--allow-ffi"), "made");
});

Deno.test("hosts without functions of libraries have no kernels", () => {
  const { dlopen } = Deno;
  Object.assign(Deno, { dlopen: undefined });
  try {
    assertEquals(denoHost(), "only Deno can call machine code, and this is another host");
  } finally {
    Object.assign(Deno, { dlopen });
  }
});
