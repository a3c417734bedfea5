import { assertEquals, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { FileError } from "../files/errors.ts";
import { workerPool } from "./worker_pool.ts";

const root = join(import.meta.dirname!, "..", "..");
const elsewhere = join(root, "..", "elsewhere");

function buildNone(): never {
  throw new Error("no model is built");
}

/** The folders that are requested, if only those that begin so may be read; the search itself is not begun. */
async function requested(allowed: string, module: string | URL): Promise<{ paths: string[]; error: FileError }> {
  const paths: string[] = [];
  const { requestSync } = Deno.permissions;
  const answer = (state: Deno.PermissionState) => ({ state }) as Deno.PermissionStatus;
  Deno.permissions.requestSync = (descriptor) => {
    if (descriptor.name !== "read") return answer("granted");
    paths.push(String(descriptor.path));
    return answer(paths.at(-1)!.startsWith(allowed) ? "granted" : "denied");
  };
  try {
    const options = { train: {}, giveUp: null };
    const error = await assertRejects(
      () => workerPool(buildNone, { parallel: 1, module, options, signal: undefined }),
      FileError,
    );
    return { paths, error };
  } finally {
    Deno.permissions.requestSync = requestSync;
  }
}

Deno.test("before workers start, the folders of this package and of the program must be readable", async () => {
  const module = toFileUrl(join(elsewhere, "program.ts"));
  const program = await requested(root, module);
  assertEquals(program.paths.map((path) => join(path, ".")), [root, elsewhere]);
  assertEquals(program.error.message.includes(`run again with --allow-read=${elsewhere}`), true, program.error.message);
  const own = await requested(elsewhere, module);
  assertEquals(own.paths.length, 1);
  assertEquals(own.error.message.includes(`--allow-read=${root}`), true, own.error.message);
});
