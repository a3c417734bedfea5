import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { unpack } from "../formats/gzip.ts";
import { readTar } from "./tar.ts";
import { header, packed } from "./test_tar.ts";

Deno.test("files of an archive are found by their paths, whatever their lengths", async () => {
  const files = Object.fromEntries(
    [0, 1, 511, 512, 513, 2000].map((length) =>
      [`package/data/${length}`, crypto.getRandomValues(new Uint8Array(length))] as const
    ),
  );
  const read = readTar(await unpack(await packed({ "package/": new Uint8Array(0), ...files }), "archive"), "archive");
  assertEquals(Object.fromEntries(read), files);
});

Deno.test("the archive that tar writes is read, with a path of more than 100 characters", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${"long".repeat(20)}/${"name".repeat(20)}`;
    await Deno.mkdir(`${folder}/${"long".repeat(20)}`);
    await Deno.writeTextFile(`${folder}/${path}`, "content");
    const tar = new Deno.Command("tar", { args: ["--format=ustar", "-cf", "-", path], cwd: folder });
    const { stdout } = await tar.output();
    const read = readTar(stdout, "archive");
    assertEquals([...read.keys()], [path]);
    assertEquals(new TextDecoder().decode(read.get(path)), "content");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what is not a whole archive is refused", () => {
  const html = new TextEncoder().encode("<html>please log in</html>".padEnd(512));
  assertThrows(() => readTar(html, "x.tgz"), DataError, "Cannot read x.tgz: expected a tar archive, got an invalid");
  const cut = header("package/file", 600);
  assertThrows(() => readTar(cut, "x.tgz"), DataError, "Cannot read x.tgz: expected 1112 bytes, got 512; it is cut");
  assertEquals(readTar(new Uint8Array(0), "x.tgz").size, 0);
  const padless = new Uint8Array(1112);
  padless.set(cut);
  assertEquals(readTar(padless, "x.tgz").get("package/file")?.length, 600);
});

Deno.test("a size that is not an octal number is refused, also a negative one, which would never end", () => {
  for (const size of ["-0000002000", "0x10", "8", "12 34", ""]) {
    const bytes = new Uint8Array(4096);
    const start = header("a", 0);
    start.fill(0, 124, 136).set(new TextEncoder().encode(size), 124);
    bytes.set(start, 1024);
    bytes.set(header("b", 0));
    bytes.set(header("c", 0), 512);
    assertThrows(() => readTar(bytes, "a.tgz"), DataError, "Cannot read a.tgz: expected a tar archive", size);
  }
});
