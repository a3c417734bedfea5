/**
 * The handwritten digits from which the examples learn.
 *
 * @module
 */

import { digitsLoader, DownloadError, type ImageSets, type LoadEvent, mnistLoader } from "../data/mod.ts";

/** The numbers of synthetic digits for training, validation and test. */
const sizes = [2000, 500, 500] as const;

/**
 * MNIST from the directory `from`; by default from the cache, or downloaded. Without a network connection, or if `from`
 * is `digits`: synthetic digits.
 */
export async function mnistOrDigits(from?: string): Promise<ImageSets> {
  if (from === "digits") return digitsLoader({ sizes });
  if (from !== undefined) return await mnistLoader({ data: from });
  try {
    return await mnistLoader({ onProgress: noteDownloads() });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    console.error(`${error.message}\nBUILT-IN SYNTHETIC DIGITS, NOT MNIST`);
    return digitsLoader({ sizes });
  }
}

/** Says once from which host MNIST is downloaded. */
function noteDownloads(): (event: LoadEvent) => void {
  const hosts = new Set<string>();
  return (event) => {
    if (event.kind !== "download") return;
    const { host } = new URL(event.url);
    if (!hosts.has(host)) console.error(`Downloading MNIST from ${host}…`);
    hosts.add(host);
  };
}
