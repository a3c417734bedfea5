import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DataError } from "../errors.ts";
import { datasets, fashionMnistLoader, mnistLoader } from "./mnist.ts";

/** Writes `training` and `test` images of 28×28 pixels, in four files named as MNIST's are. */
async function writeImages(directory: string, training: number, test: number): Promise<void> {
  for (const [name, count] of [["train", training], ["t10k", test]] as const) {
    const images = new Uint8Array(16 + count * 784).fill(count);
    images.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
    const labels = new Uint8Array(8 + count).fill(5);
    labels.set([0, 0, 8, 1, 0, 0, 0, count]);
    await Deno.writeFile(join(directory, `${name}-images-idx3-ubyte`), images);
    await Deno.writeFile(join(directory, `${name}-labels-idx1-ubyte`), labels);
  }
}

Deno.test("both loaders read the four files of a directory", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await writeImages(directory, 60, 20);
    for (const loader of [mnistLoader, fashionMnistLoader]) {
      const sets = await loader({ data: directory });
      assertEquals(sets.map(({ x }) => x.shape), [[50, 784], [10, 784], [20, 784]]);
      assertEquals(sets.map(({ y }) => y[0]), [5, 5, 5]);
      assertEquals(sets[2].pixels[0], 20);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("all files of both data sets are fetched over https, and have digests", () => {
  for (const { mirrors, training, test } of Object.values(datasets)) {
    for (const mirror of mirrors) assertEquals(new URL(mirror).protocol, "https:");
    for (const file of [training.images, training.labels, test.images, test.labels]) {
      assertMatch("packedSha256" in file ? file.packedSha256 : file.sha256, /^[0-9a-f]{64}$/);
    }
  }
});

for (
  const [loader, name, digest] of [[mnistLoader, "mnist", "ba891046e6505d7a"], [
    fashionMnistLoader,
    "fashion-mnist",
    "3aede38d61863908",
  ]] as const
) {
  Deno.test(`what is in the cache as ${name} must be that data set itself`, async () => {
    const cache = await Deno.makeTempDir();
    try {
      await Deno.mkdir(join(cache, name));
      const path = join(cache, name, "train-images-idx3-ubyte.gz");
      await Deno.writeFile(path, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 0));
      const reasons: string[] = [];
      const controller = new AbortController();
      const load = loader({
        cache,
        signal: controller.signal,
        onProgress: (event) => {
          if (event.kind === "damaged") reasons.push(event.reason);
          controller.abort(new DataError("no network in tests"));
        },
      });
      await assertRejects(() => load, DataError, "no network in tests");
      assertEquals(reasons.map((reason) => reason.includes(`expected the SHA-256 ${digest}`)), [true]);
    } finally {
      await Deno.remove(cache, { recursive: true });
    }
  });
}
