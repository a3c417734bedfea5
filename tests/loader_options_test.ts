/**
 * Tests each option of the functions that read or make data against what its definition says.
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as sets from "../data/mod.ts";
import { dataOptions } from "../data/data.ts";
import { digitsOptions } from "../data/digits/digits.ts";
import { csvOptions } from "../data/formats/csv.ts";
import { type LimitOptions, limitOptions } from "../data/formats/limits.ts";
import { samplesOptions } from "../data/samples.ts";
import { splitOptions } from "../data/split.ts";
import { npySourceOptions } from "../data/formats/npy_source.ts";
import type { ImageDataset } from "../data/mnist/dataset.ts";
import { imageLoaderOptions, loadImages } from "../data/mnist/image_loader.ts";
import { zipOf } from "../data/formats/test_npz.ts";
import { holdTimers } from "./held_timers.ts";
import { inFolder } from "./in_folder.ts";
import { assertElements, testOptions } from "./option_definitions.ts";

async function asCsv(text: string, options?: sets.CsvOptions): Promise<(readonly unknown[])[]> {
  const { columns, shape, values } = sets.parseCsv(text, options);
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.csv`, text);
    assertEquals(await sets.readCsv(`${folder}/a.csv`, options), sets.parseCsv(text, options));
  });
  return [columns, shape, [...values]];
}

testOptions<sets.CsvOptions>("parseCsv and readCsv", csvOptions, {
  delimiter: async () => {
    assertEquals(await asCsv("1;2\n3;4\n", { delimiter: ";" }), [[], [2, 2], [1, 2, 3, 4]]);
    assertEquals(await asCsv("1,2\n3,4\n"), [[], [2, 2], [1, 2, 3, 4]]);
    assertThrows(() => sets.parseCsv("1;2\n3;4\n", { header: false }), sets.DataError, '"1;2"');
  },
  header: async () => {
    assertEquals(await asCsv("1,2\n3,4\n", { header: true }), [["1", "2"], [1, 2], [3, 4]]);
    assertEquals(await asCsv("1,2\n3,4\n", { header: false }), [[], [2, 2], [1, 2, 3, 4]]);
    assertThrows(() => sets.parseCsv("a,b\n3,4\n", { header: false }), sets.DataError, '"a"');
    assertEquals(await asCsv("a,2\n3,4\n"), [["a", "2"], [1, 2], [3, 4]]);
  },
  missing: async () => {
    const text = "1,2\n,4\n5,NA\nnull,null\n7,8\n";
    assertEquals(await asCsv(text, { missing: "nan" }), [[], [5, 2], [1, 2, NaN, 4, 5, NaN, NaN, NaN, 7, 8]]);
    assertEquals(await asCsv(text, { missing: "skip" }), [[], [2, 2], [1, 2, 7, 8]]);
    for (const options of [{ missing: "refuse" }, {}] as const) {
      assertThrows(() => sets.parseCsv(text, options), sets.DataError, "line 2");
    }
  },
});

const set = { x: sets.samples([[0, 10], [2, 30], [4, 80]]), y: Int32Array.of(0, 1, 0) };
const other = { x: sets.samples([[1, 20], [6, 40]]), y: Int32Array.of(0, 1) };

testOptions<sets.DataOptions>("data", dataOptions, {
  preprocessing: async () => {
    // Extents of the training set: 0 … 4 and 10 … 80; means 2 and 40; variances 8 / 3 and 2600 / 3.
    const scalings = {
      normalize: [[0, 4], [10, 70]],
      standardize: [[2, Math.sqrt(8 / 3)], [40, Math.sqrt(2600 / 3)]],
      none: [[0, 1], [0, 1]],
    };
    for (const [name, scaling] of Object.entries(scalings)) {
      const options = name === "none" ? {} : { preprocessing: name as sets.Preprocessing };
      const made = sets.data([set, other, other], options);
      const scaled = (values: ArrayLike<number>): number[] =>
        Array.from(values, (value, i) => (value - scaling[i % 2][0]) / scaling[i % 2][1]);
      await assertElements(made.training.x, scaled(set.x.values), name);
      await assertElements(made.validation.x, scaled(other.x.values), name);
      await assertElements(made.test!.x, scaled(other.x.values), name);
      assertEquals(made.scaling === undefined, name === "none");
    }
  },
  name: () => {
    assertEquals([sets.data([set, set], { name: "mine" }).name, sets.data([set, set]).name], ["mine", "data"]);
  },
});

testOptions<sets.SamplesOptions>("samples", samplesOptions, {
  greyLevels: () => {
    const bytes = Uint8Array.of(0, 51, 255, 1);
    const levels = sets.samples(bytes, [2, 2], { greyLevels: true });
    assertEquals([...levels.values], [0, Math.fround(51 / 255), 1, Math.fround(1 / 255)]);
    for (const options of [{}, { greyLevels: false as const }]) {
      assertEquals(sets.samples(bytes, [2, 2], options), { values: Int32Array.of(0, 51, 255, 1), shape: [2, 2] });
    }
  },
});

const ten = {
  x: sets.samples(Array.from({ length: 10 }, (_, i) => [i])),
  y: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1),
};
const halves = (options?: sets.SplitOptions): number[][] =>
  sets.split(ten, [0.6, 0.4], options).map(({ x }) => [...x.values]);

testOptions<sets.SplitOptions>("split", splitOptions, {
  seed: () => {
    assertEquals(halves({ seed: 1 }), halves());
    assert(String(halves({ seed: 2 })) !== String(halves()));
  },
  shuffle: () => {
    assertEquals(halves({ shuffle: false }), [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9]]);
    assert(String(halves({ shuffle: true })) !== String(halves({ shuffle: false })));
    assertEquals(halves({ shuffle: true }), halves());
  },
  stratify: () => {
    // Of five examples of each class, three are in the first part.
    for (const seed of [1, 2, 3]) {
      assertEquals(halves({ stratify: true, seed })[0].filter((i) => i < 5).length, 3);
    }
    assertEquals(halves({ stratify: false }), halves());
  },
  groups: () => {
    for (const seed of [1, 2, 3]) {
      const [first] = halves({ groups: ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"], seed });
      assertEquals(first.length, 6);
      for (const i of first) assert(first.includes(i % 2 === 0 ? i + 1 : i - 1));
    }
  },
});

const bytesOfSets = (options?: sets.DigitsOptions): number[][] =>
  sets.digitsLoader(options).map(({ pixels }) => [...pixels]);
const bytesOf = (seed: number, n: number): number[] => [...sets.digits(seed, n).pixels];

testOptions<sets.DigitsOptions>("digitsLoader", digitsOptions, {
  seed: () => {
    for (const seed of [1, 2, -7]) {
      assertEquals(bytesOfSets({ seed, sizes: [2, 1, 1] }).flat(), bytesOf(seed, 4));
    }
    assertEquals(bytesOfSets({ sizes: [2, 1, 1] }).flat(), bytesOf(1, 4));
    assert(String(bytesOf(1, 4)) !== String(bytesOf(2, 4)));
  },
  sizes: () => {
    assertEquals(digitsOptions.sizes.default, [50_000, 10_000, 10_000]);
    const all = bytesOf(1, 6);
    assertEquals(bytesOfSets({ sizes: [3, 1, 2] }), [
      all.slice(0, 3 * 784),
      all.slice(3 * 784, 4 * 784),
      all.slice(4 * 784),
    ]);
    assertEquals(sets.digitsLoader({ sizes: [0, 2, 1] }).map(({ length }) => length), [0, 2, 1]);
  },
});

/** The bytes of an NPY file of unsigned bytes. */
function npy(rows: number, columns: number, values: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`.padEnd(117) + "\n";
  return Uint8Array.of(
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    118,
    0,
    ...new TextEncoder().encode(header),
    ...values,
  );
}

testOptions<sets.NpySourceOptions>("openNpy and openNpySet", npySourceOptions, {
  greyLevels: () =>
    inFolder(async (folder) => {
      const path = `${folder}/a.npy`;
      await Deno.writeFile(path, npy(2, 3, [0, 51, 255, 102, 0, 153]));
      const read = (source: sets.SampleSource): number[] => {
        const row = new Float32Array(6);
        source.read(Int32Array.of(1, 0), row);
        return [...row];
      };
      const wanted = [102, 0, 153, 0, 51, 255];
      for (const options of [{ greyLevels: true }, { greyLevels: false }, {}]) {
        using source = sets.openNpy(path, options);
        using pair = sets.openNpySet(path, path, options);
        const values = wanted.map((value) => options.greyLevels ? Math.fround(value / 255) : value);
        assertEquals([read(source), read(pair.x), read(pair.y as sets.NpySource)], [values, values, wanted]);
        assertEquals(source.readLevels !== undefined, options.greyLevels === true);
        const levels = new Uint8Array(3);
        source.readLevels?.(Int32Array.of(1), levels);
        if (options.greyLevels) assertEquals([...levels], [102, 0, 153]);
      }
    }),
});

/** An IDX file of bytes. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0, 0, 8, shape.length, ...shape.flatMap((extent) => [0, 0, 0, extent]), ...values);
}

/** Twelve images of 1×2 pixels to train on, of which the last two are for validation, and one for the test. */
const files: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "train-images-idx3-ubyte": idx([12, 1, 2], Array.from({ length: 24 }, (_, i) => i)),
  "train-labels-idx1-ubyte": idx([12], Array.from({ length: 12 }, (_, i) => i % 10)),
  "t10k-images-idx3-ubyte": idx([1, 1, 2], [200, 255]),
  "t10k-labels-idx1-ubyte": idx([1], [7]),
};
const [trainImages, trainLabels, testImages, testLabels] = Object.keys(files).map((name) => ({ name }));

function tiny(...mirrors: string[]): ImageDataset {
  return {
    name: "tiny",
    title: "Tiny",
    mirrors,
    training: { images: trainImages, labels: trainLabels },
    test: { images: testImages, labels: testLabels },
  };
}

function assertTiny([training, validation, test]: sets.ImageSets): void {
  assertEquals([[...training.pixels], [...validation.pixels], [...test.pixels]], [
    Array.from({ length: 20 }, (_, i) => i),
    [20, 21, 22, 23],
    [200, 255],
  ]);
  assertEquals([[...training.y], [...validation.y], [...test.y]], [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1], [7]]);
}

testOptions<LimitOptions>("readIdx, readNpy, readNpz and parseNpz", limitOptions, {
  limitBytes: async () => {
    const array = npy(2, 3, [1, 2, 3, 4, 5, 6]);
    const readers: [(file: Blob, options?: LimitOptions) => Promise<unknown>, Uint8Array<ArrayBuffer>][] = [
      [sets.readIdx, files["train-images-idx3-ubyte"]],
      [sets.readNpy, array],
    ];
    const archive = new Blob([zipOf([{ name: "a.npy", content: array }, { name: "b.npy", content: array }])]);
    const arrays = await sets.readNpz(archive, { limitBytes: 2 * array.length });
    assertEquals(arrays, await sets.readNpz(archive));
    for (
      const read of [
        () => sets.readNpz(archive, { limitBytes: 2 * array.length - 1 }),
        async () => sets.parseNpz(await archive.bytes(), "a.npz", { limitBytes: 2 * array.length - 1 }),
      ]
    ) await assertRejects(read, sets.DataError, `got a header that promises ${2 * array.length}`);
    for (const [read, bytes] of readers) {
      const file = new Blob([bytes]);
      const wanted = await read(file);
      assertEquals(await read(file, { limitBytes: bytes.length }), wanted);
      await assertRejects(
        () => read(file, { limitBytes: bytes.length - 1 }),
        sets.DataError,
        `at most ${bytes.length - 1} bytes, got a header that promises ${bytes.length}`,
      );
    }
  },
});

type Answer = (name: string) => Response | Promise<Response>;

async function gzipped(name: string): Promise<Response> {
  const file = files[name.replace(".gz", "")];
  const stream = new Blob([file]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(await new Response(stream).arrayBuffer());
}

/** Serves the files, and calls `use` with the address and the requests. */
async function served(answer: Answer, use: (url: string, requests: string[]) => Promise<void>): Promise<void> {
  const requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const name = new URL(request.url).pathname.slice(1);
    requests.push(name);
    return answer(name);
  });
  try {
    await use(`http://127.0.0.1:${server.addr.port}/`, requests);
  } finally {
    await server.shutdown();
  }
}

/** Sends one byte, and then nothing. */
const silent: Answer = () =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(Uint8Array.of(1)) }));

testOptions<sets.ImageLoaderOptions>("loaders of images", imageLoaderOptions, {
  data: () =>
    inFolder(async (folder) => {
      for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
      assertTiny(await loadImages(tiny(), { data: folder }));
      assertTiny(await sets.mnistLoader({ data: folder }));
      assertTiny(await sets.fashionMnistLoader({ data: folder }));
    }),
  limitBytes: () =>
    inFolder(async (folder) => {
      for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
      // The training images have 24 pixels and 16 bytes of header.
      assertTiny(await loadImages(tiny(), { data: folder, limitBytes: 40 }));
      const refusal = "expected at most 39 bytes, got a header that promises 40";
      await assertRejects(() => loadImages(tiny(), { data: folder, limitBytes: 39 }), sets.DataError, refusal);
      await served(gzipped, async (url) => {
        const cache = `${folder}/cache`;
        await assertRejects(() => loadImages(tiny(url), { cache, limitBytes: 39 }), sets.DownloadError, refusal);
        assertTiny(await loadImages(tiny(url), { cache, limitBytes: 40 }));
      });
    }),
  cache: () =>
    inFolder(async (folder) => {
      await served(gzipped, async (url, requests) => {
        for (let load = 0; load < 2; load++) assertTiny(await loadImages(tiny(url), { cache: `${folder}/mine` }));
        assertEquals(requests.length, 4);
        const kept = [...Deno.readDirSync(`${folder}/mine/tiny`)].map(({ name }) => name);
        assertEquals(kept.sort(), Object.keys(files).map((name) => `${name}.gz`).sort());
      });
    }),
  signal: () =>
    inFolder(async (folder) => {
      const reason = new RangeError("enough");
      for (const aborted of [AbortSignal.abort(reason), undefined]) {
        await served(silent, async (url) => {
          const controller = new AbortController();
          const loading = loadImages(tiny(url), {
            cache: folder,
            signal: aborted ?? controller.signal,
            onProgress: () => controller.abort(reason),
          });
          assertEquals(await assertRejects(() => loading, RangeError), reason);
        });
      }
    }),
  timeout: () =>
    inFolder(async (folder) => {
      assertEquals(imageLoaderOptions.timeout.default, 10_000);
      for (const timeout of [20, 400, undefined]) {
        using timers = holdTimers();
        await served(silent, (first) =>
          served(gzipped, async (second) => {
            const onProgress = (event: sets.LoadEvent): void => {
              // The first mirror has sent a byte, and sends no other one.
              if (event.kind === "download" && event.url.startsWith(first) && event.received > 0) timers.end();
            };
            const options = { cache: `${folder}/${timeout}`, onProgress, ...(timeout && { timeout }) };
            assertTiny(await loadImages(tiny(first, second), options));
          }));
        assert(timers.waits.length > 0);
        assertEquals(new Set(timers.waits), new Set([timeout ?? 10_000]));
      }
    }),
  onProgress: () =>
    inFolder(async (folder) => {
      await served(gzipped, async (url) => {
        const events: sets.LoadEvent[] = [];
        const onProgress = (event: sets.LoadEvent): number => events.push(event);
        await loadImages(tiny(url), { cache: folder, onProgress });
        assertEquals([...new Set(events.map(({ file }) => file))].sort(), Object.keys(files).sort());
        assertEquals([...new Set(events.map(({ kind }) => kind))], ["download"]);
        await Deno.writeTextFile(`${folder}/tiny/${testLabels.name}.gz`, "damaged");
        events.length = 0;
        await loadImages(tiny(url), { cache: folder, onProgress });
        assertEquals(events.filter(({ kind }) => kind === "damaged").map(({ file }) => file), [
          `${folder}/tiny/${testLabels.name}.gz`,
        ]);
      });
    }),
});

Deno.test("alphabetLoader makes runs of the given length, and of 3 by default", () => {
  for (const [given, length] of [[1, 1], [25, 25], [undefined, 3]]) {
    const [training, validation, test] = sets.alphabetLoader(given);
    const runs = 26 - length!;
    assertEquals([training.x.shape, [...training.y]], [
      [runs, length, 26],
      Array.from({ length: runs }, (_, run) => run + length!),
    ]);
    training.x.values.forEach((value, i) => {
      const [run, time, letter] = [Math.floor(i / 26 / length!), Math.floor(i / 26) % length!, i % 26];
      assertEquals(value, Number(letter === run + time));
    });
    assertEquals([validation, test], [training, training]);
  }
});
