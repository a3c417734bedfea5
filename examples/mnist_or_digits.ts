/**
 * The handwritten digits that the examples learn from.
 *
 * @module
 */

import { digitsLoader, DownloadError, type ImageSets, mnistLoader } from "../data/mod.ts";

/** How many synthetic digits there are to learn from, to validate and to test with. */
const sizes = [2000, 500, 500] as const;

/**
 * MNIST from a directory, or where none is named from the cache, or downloaded. Without a network, or where `digits` is
 * named: a few synthetic digits.
 */
export async function mnistOrDigits(from?: string): Promise<ImageSets> {
  if (from === "digits") return digitsLoader({ sizes });
  if (from !== undefined) return await mnistLoader({ data: from });
  try {
    return await mnistLoader();
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    console.error(`${error.message}\nBUILT-IN SYNTHETIC DIGITS, NOT MNIST`);
    return digitsLoader({ sizes });
  }
}
