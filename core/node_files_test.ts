import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join, resolve, toFileUrl } from "@std/path";
import { type HostFiles, isNotFound, notAFile, pathOf, seekFrom } from "./host_files.ts";
import { nodeFiles } from "./node_files.ts";

/** Uses every function of a host in an empty folder, and returns what they return. */
async function usesOf(files: HostFiles, folder: string): Promise<unknown[]> {
  const at = (name: string): string => join(folder, name);
  const seen: unknown[] = [];
  const bytes = new Uint8Array(4);
  {
    using file = files.openSync(at("a"), { read: true, write: true, createNew: true, mode: 0o600 });
    seen.push(file.writeSync(Uint8Array.of(1, 2, 3)), await file.write(Uint8Array.of(4, 5)), file.statSync().size);
    seen.push(file.readSync(bytes), file.seekSync(1, seekFrom.start), file.readSync(bytes), [...bytes]);
    seen.push(file.readSync(bytes), file.seekSync(-2, seekFrom.end), await file.read(bytes), [...bytes]);
    seen.push(await file.read(bytes), file.seekSync(2, seekFrom.start), file.writeSync(Uint8Array.of(9)));
    seen.push(file.writeSync(Uint8Array.of(8)), file.readSync(bytes), bytes[0]);
    file.truncateSync(3);
    file.syncSync();
    file.syncDataSync();
    await file.sync();
  }
  {
    using file = await files.open(at("a"), { append: true, create: true });
    file.writeSync(Uint8Array.of(7));
    using same = files.openSync(at("a"));
    seen.push(same.readSync(bytes), [...bytes], same.readSync(bytes));
  }
  seen.push([...files.readFileSync(at("a"))], [...await files.readFile(at("a"))]);
  files.openSync(at("b"), { write: true, create: true, truncate: true }).close();
  const { isFile, isDirectory, isSymlink, size, mode, mtime } = files.statSync(at("a"));
  seen.push(isFile, isDirectory, isSymlink, size, (mode ?? 0) & 0o777, mtime instanceof Date);
  files.mkdirSync(at("c/d"), { recursive: true });
  await files.mkdir(at("e"), { recursive: true, mode: 0o700 });
  Deno.symlinkSync(at("c"), at("link"));
  seen.push(files.statSync(at("link")).isDirectory, files.lstatSync(at("link")).isSymlink);
  seen.push(files.realPathSync(at("link")) === Deno.realPathSync(at("c")));
  files.renameSync(at("b"), at("f"));
  await files.rename(at("f"), at("g"));
  seen.push(Array.from(files.readDirSync(folder), ({ name }) => name).sort());
  files.removeSync(at("g"));
  await files.remove(at("a"));
  seen.push(Array.from(files.readDirSync(folder), ({ name }) => name).sort());
  return seen;
}

Deno.test("files in Node behave like those in Deno", { ignore: Deno.build.os === "windows" }, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["deno", "node"]) Deno.mkdirSync(join(folder, name));
    assertEquals(await usesOf(nodeFiles, join(folder, "node")), await usesOf(Deno, join(folder, "deno")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a file that does not exist, or exists already, is recognized in both", async () => {
  for (const files of [Deno, nodeFiles]) {
    const missing = assertThrows(() => files.openSync("no/such/file"));
    assert(isNotFound(missing));
    assert(isNotFound(await assertRejects(() => files.readFile("no/such/file"))));
    assert(!isNotFound(assertThrows(() => files.openSync("deno.json", { write: true, createNew: true }))));
  }
  assert(!isNotFound("ENOENT"));
});

Deno.test("an address is no path, and neither are pipes and devices", () => {
  assertEquals(pathOf("a b%.ym"), "a b%.ym");
  assertEquals(pathOf(toFileUrl(resolve("a b%.ym"))), resolve("a b%.ym"));
  assertThrows(
    () => pathOf("https://example.org/a.ym"),
    TypeError,
    "expected a path or a file: URL; pass await fetch(",
  );
  assertEquals(notAFile("deno.json"), undefined);
  if (Deno.build.os !== "windows") assertEquals(notAFile("/dev/null")?.startsWith("it is a pipe or a device"), true);
});
