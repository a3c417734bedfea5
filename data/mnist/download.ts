/**
 * Downloads of files from mirrors.
 *
 * @module
 */

import { DownloadError, messageOf } from "../errors.ts";

/** The progress of a download. */
export interface DownloadProgress {
  /** The address. */
  readonly url: string;
  /** Bytes received so far. */
  readonly received: number;
  /** Bytes in total, if the server reports it. */
  readonly total: number | undefined;
}

/** How to download a file. */
export interface DownloadOptions {
  /** Aborts at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the next mirror is tried. */
  readonly timeout: number;
  /** Called when bytes arrive. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Downloads a file from the first mirror that sends all of it.
 *
 * @param urls The addresses of the same file, the preferred one first.
 * @param accept Reads the content; if it throws, the next mirror is tried.
 * @returns The result of `accept`.
 * @throws {DownloadError} if no mirror sends it; the message reports what happened at each of them.
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
      "Check the network, or name a directory that contains the files, with the option `data`",
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

/** The length of the body in bytes; unknown if the server compresses it. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

/** Ends the wait for a server that has stopped sending. */
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
