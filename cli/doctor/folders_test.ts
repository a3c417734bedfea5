import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { cacheDirectory } from "../../data/mnist/cache.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { type CacheState, cacheState } from "./folders.ts";

/** The variable that names the folder of the cache on this system. */
const variable = Deno.build.os === "windows" ? "LOCALAPPDATA" : "XDG_CACHE_HOME";

/** The state of the cache if its folder is in this one. */
function stateIn(folder: string): CacheState {
  const before = Deno.env.get(variable);
  Deno.env.set(variable, folder);
  try {
    return cacheState();
  } finally {
    if (before === undefined) Deno.env.delete(variable);
    else Deno.env.set(variable, before);
  }
}

/** The path of the cache in a folder. */
const pathIn = (folder: string): string => cacheDirectory((name) => name === variable ? folder : undefined);

Deno.test("the cache is writable, with or without MNIST, and checking that leaves nothing", async () => {
  await inFolder((folder) => {
    const path = pathIn(folder);
    assertEquals(stateIn(folder), { path, writable: true, mnist: false, problem: null });
    assertEquals([...Deno.readDirSync(folder)], []);
    Deno.mkdirSync(join(path, "mnist"), { recursive: true });
    Deno.writeTextFileSync(join(path, "mnist", "train-images-idx3-ubyte.gz"), "");
    assertEquals(stateIn(folder), { path, writable: true, mnist: true, problem: null });
  });
});

Deno.test("a cache that cannot be written has a reason", async () => {
  await inFolder((folder) => {
    const path = pathIn(folder);
    Deno.writeTextFileSync(join(folder, path.slice(folder.length + 1).split("/")[0]), "a file");
    const { problem, ...state } = stateIn(folder);
    assertEquals(state, { path, writable: false, mnist: false });
    assertStringIncludes(problem ?? "", "Cannot write");
  });
});

Deno.test({
  name: "without permissions, the state of the cache is not known, and the message names them",
  permissions: { env: true, read: false, write: false },
  fn() {
    const path = pathIn("/home");
    const problem = `reading or writing it is not permitted: run with --allow-read=${path} --allow-write=${path}`;
    assertEquals(stateIn("/home"), { path, writable: null, mnist: null, problem });
  },
});

Deno.test({
  name: "without the variables that name it, the path of the cache is not known",
  permissions: { env: false },
  fn() {
    const { path, writable, mnist, problem } = cacheState();
    assertEquals([path, writable, mnist, typeof problem], [null, null, null, "string"]);
  },
});
