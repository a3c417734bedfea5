/**
 * Files from mirrors.
 *
 * @module
 */

import { DownloadError, messageOf } from "./errors.ts";

/** The progress of a download. */
export interface DownloadProgress {
  /** The address. */
  readonly url: string;
  /** Bytes received so far. */
  readonly received: number;
  /** Bytes in total, if the server says so. */
  readonly total: number | undefined;
}

/** How to fetch a file. */
export interface DownloadOptions {
  /** Gives up at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the next mirror is tried. */
  readonly timeout: number;
  /** Called as bytes come. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * A file from the first mirror that sends it whole.
 *
 * @param urls The same file at several places, the preferred one first.
 * @param accept Reads the content; where it throws, the next mirror is asked.
 * @returns What `accept` made of the file.
 * @throws {DownloadError} if no mirror sends it; the message holds what each of them did.
 */
export async function download<T>(
  urls: readonly string[],
  accept: (content: Uint8Array<ArrayBuffer>, url: string) => Promise<T>,
  options: DownloadOptions,
): Promise<T> {
  const faults: string[] = [];
  for (const url of urls) {
    options.signal?.throwIfAborted();
    try {
      return await accept(await fetchFile(url, options), url);
    } catch (error) {
      options.signal?.throwIfAborted();
      faults.push(`  ${url}: ${messageOf(error)}`);
    }
  }
  const name = urls[0]?.split("/").at(-1) ?? "a file";
  throw new DownloadError(
    [
      `Cannot download ${name}: expected it from one of ${urls.length} mirrors, got`,
      ...faults,
      "Check the network, or give a directory that holds the files with the option `data`",
    ].join("\n"),
  );
}

async function fetchFile(
  url: string,
  { signal, timeout, onProgress }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  using patience = new Patience(timeout);
  const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, patience.signal]) : patience.signal });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new DownloadError(`expected status 200, got ${response.status} ${response.statusText}`.trimEnd());
  }
  const total = lengthOf(response);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for await (const chunk of response.body) {
    patience.renew();
    chunks.push(chunk);
    received += chunk.length;
    onProgress?.({ url, received, total });
  }
  if (total !== undefined && received !== total) {
    throw new DownloadError(`expected ${total} bytes, got ${received}; the connection was cut`);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** The bytes that the body will have; unknown if the server compresses it. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

/** Ends a wait for a server that has fallen silent. */
class Patience {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout>;

  constructor(readonly milliseconds: number) {
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #start(): ReturnType<typeof setTimeout> {
    const reason = new DownloadError(`expected bytes, got none for ${this.milliseconds / 1000} s`);
    return setTimeout(() => this.#controller.abort(reason), this.milliseconds);
  }
}
