import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { cacheDirectory, readCached, writeCached } from "./cache.ts";
import { CacheError } from "../errors.ts";

Deno.test({
  name: "the cache is in XDG_CACHE_HOME, otherwise below HOME",
  ignore: Deno.build.os !== "linux",
  fn() {
    const saved = { XDG_CACHE_HOME: Deno.env.get("XDG_CACHE_HOME"), HOME: Deno.env.get("HOME") };
    try {
      Deno.env.set("XDG_CACHE_HOME", "/caches");
      assertEquals(cacheDirectory(), "/caches/yadll");
      Deno.env.delete("XDG_CACHE_HOME");
      Deno.env.set("HOME", "/home/ada");
      assertEquals(cacheDirectory(), "/home/ada/.cache/yadll");
      Deno.env.delete("HOME");
      assertThrows(() => cacheDirectory(), CacheError, "none of XDG_CACHE_HOME, HOME is set");
    } finally {
      for (const [name, value] of Object.entries(saved)) if (value !== undefined) Deno.env.set(name, value);
    }
  },
});

Deno.test({
  name: "without the permission to read the environment the message names the flag",
  permissions: { env: false },
  fn() {
    assertThrows(() => cacheDirectory(), CacheError, "run with --allow-env=");
  },
});

Deno.test({
  name: "without the permission to read files, reading the cache fails with a CacheError",
  permissions: { read: false },
  async fn() {
    await assertRejects(() => readCached("some/file"), CacheError, "Cannot read some/file from the cache");
  },
});

Deno.test("a written file is read back, and nothing else is left in the directory", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "deeper", "file.gz");
    assertEquals(await readCached(path), undefined);
    for (const content of [new Uint8Array(0), crypto.getRandomValues(new Uint8Array(60_000))]) {
      await writeCached(join(directory, "deeper"), "file.gz", content);
      assertEquals(await readCached(path), content);
    }
    assertEquals([...Deno.readDirSync(join(directory, "deeper"))].map(({ name }) => name), ["file.gz"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a failed write leaves no part of a file behind", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "file.gz");
    await Deno.mkdir(join(path, "occupied"), { recursive: true });
    await assertRejects(
      () => writeCached(directory, "file.gz", Uint8Array.of(1)),
      CacheError,
      `Cannot write ${path} into the cache`,
    );
    assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["file.gz"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
