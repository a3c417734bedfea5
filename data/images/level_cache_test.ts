import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { CacheError } from "../errors.ts";
import { beginCached, cachePath, type CacheRequest, openCached } from "./level_cache.ts";

const settings = { size: [2, 3], channels: 1, fit: "cover", background: "black" } as const;
const images = ["a/1.png", "b/2.png", "b/3.png"].map((file, label) => ({ file, path: `/nowhere/${file}`, label }));

/** Runs a test with the request for a folder that is removed afterwards. */
async function inFolder(body: (request: CacheRequest) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    await body({ folder: `${parent}/cache/pictures`, settings, images });
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

const namesIn = (folder: string): string[] => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("the name of a file is the digest of the options and of the facts about the pictures", async () => {
  const digest = (...texts: unknown[]): string =>
    texts.reduce((hash: ReturnType<typeof createHash>, text) => hash.update(JSON.stringify(text)), createHash("sha256"))
      .digest("hex").slice(0, 32);
  const version = { VERSION: 2, ...settings };
  const files = images.map(({ file }) => [file, -1, null]);
  assertEquals(cachePath({ folder: "f", settings, images }), `f/images-${digest(version, ...files)}`);
  const other = { ...settings, fit: "contain" } as const;
  assertEquals(
    cachePath({ folder: "f", settings: other, images: images.slice(1) }),
    `f/images-${digest({ ...version, fit: "contain" }, ...files.slice(1))}`,
  );
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "12345");
  const mtime = (await Deno.stat(path)).mtime!.getTime();
  const real = [{ file: "x.png", path, label: 0 }];
  assertEquals(cachePath({ folder: "f", settings, images: real }), `f/images-${digest(version, ["x.png", 5, mtime])}`);
  await Deno.remove(path);
});

Deno.test("a finished file holds the levels in NumPy's format, and the pictures that were skipped", () =>
  inFolder(async (request) => {
    const path = cachePath(request);
    const skipped = [{ file: "b/2.png", reason: "broken" }];
    {
      using writer = await beginCached(path, request);
      await writer.write(Uint8Array.of(0, 51, 102, 153, 204, 255));
      await writer.write(Uint8Array.of(255, 204, 153, 102, 51, 0));
      await writer.finish(2, skipped);
    }
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 2, 3), }`;
    const header = [
      0x93,
      ...new TextEncoder().encode("NUMPY"),
      1,
      0,
      118,
      0,
      ...new TextEncoder().encode(text.padEnd(117)),
    ];
    const bytes = await Deno.readFile(`${path}.npy`);
    assertEquals([...bytes], [...header, 0x0a, 0, 51, 102, 153, 204, 255, 255, 204, 153, 102, 51, 0]);
    assertEquals(JSON.parse(await Deno.readTextFile(`${path}.json`)), skipped);
    assertEquals(namesIn(request.folder).length, 2);
    const { mode } = await Deno.stat(request.folder);
    if (mode !== null) assertEquals(mode & 0o7777, 0o777 & ~Deno.umask());
    const opened = openCached(path, request);
    assertEquals([opened?.source.shape, opened?.skipped], [[2, 1, 2, 3], skipped]);
    const levels = new Uint8Array(6);
    opened?.source.readLevels?.(Int32Array.of(1), levels);
    assertEquals([...levels], [255, 204, 153, 102, 51, 0]);
    opened?.source.close();
  }));

Deno.test("a file of other pictures, of another size, or with a damaged list is not used", () =>
  inFolder(async (request) => {
    const path = cachePath(request);
    assertEquals(openCached(path, request), undefined);
    {
      using writer = await beginCached(path, request);
      await writer.write(new Uint8Array(12));
      await writer.finish(2, []);
    }
    const list = (value: unknown) => Deno.writeTextFile(`${path}.json`, JSON.stringify(value));
    const good = { file: "a/1.png", reason: "broken" };
    const lists = [
      ...[[], [good, good], {}, null, [null], ["a/1.png"], [{ ...good, file: "c.png" }], [{ ...good, file: 1 }]],
      ...[[{ ...good, reason: 1 }], [{ file: "a/1.png" }], [{ reason: "broken" }], good],
    ];
    for (const value of lists) {
      await list(value);
      assertEquals(openCached(path, request), undefined, JSON.stringify(value));
    }
    await list([good]);
    openCached(path, request)!.source.close();
    await Deno.truncate(`${path}.npy`, 130);
    assertEquals(openCached(path, request), undefined);
  }));

Deno.test("nothing remains of a file that is not finished", () =>
  inFolder(async (request) => {
    const path = cachePath(request);
    {
      using writer = await beginCached(path, request);
      await writer.write(new Uint8Array(6));
      assertEquals(namesIn(request.folder).length, 1);
    }
    assertEquals(namesIn(request.folder), []);
    await Deno.writeTextFile(`${request.folder}/file`, "");
    const message = `Cannot write decoded pictures to ${request.folder}/file: `;
    const error = await assertRejects(
      () => beginCached(`${request.folder}/file/x`, { ...request, folder: `${request.folder}/file` }),
      CacheError,
      message,
    );
    assert(error.message.endsWith("; name another folder with the option `cache`"), error.message);
  }));
