/**
 * Downloads of files.
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import { DownloadError, messageOf } from "../errors.ts";

/** The progress of a download. */
export interface DownloadProgress {
  /** The address. */
  readonly url: string;
  /** Bytes received so far: 0 when the file is requested. */
  readonly received: number;
  /** Bytes in total, if the server reports it. */
  readonly total: number | undefined;
}

/** How to download a file. */
export interface DownloadOptions {
  /** Aborts at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the download fails. */
  readonly timeout: number;
  /** Called when the file is requested, and when bytes arrive. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** More bytes than any file of a data set has, so that neither a server nor a file of the cache can fill the memory. */
export const MOST_BYTES = 2 ** 28;

/**
 * The content of the file at an address.
 *
 * @throws {DownloadError} if the server cannot be reached, refuses, sends nothing for a while, or sends only a part or
 * far too much.
 */
export async function downloadFile(
  url: string,
  { signal, timeout, onProgress }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  await onProgress?.({ url, received: 0, total: undefined });
  using idle = new IdleTimeout(timeout);
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
    });
    return await bodyOf(response, (received, total) => {
      idle.renew();
      return onProgress?.({ url, received, total });
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof DownloadError ? cause : new DownloadError(reasonOfFetch(cause), { cause });
  }
}

async function bodyOf(
  response: Response,
  onBytes: (received: number, total: number | undefined) => unknown,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new DownloadError(`expected status 200, got ${response.status} ${showText(response.statusText)}`.trimEnd());
  }
  const total = lengthOf(response);
  if (total !== undefined && total > MOST_BYTES) {
    await response.body.cancel();
    throw new DownloadError(`expected at most ${MOST_BYTES} bytes, got ${total}`);
  }
  const most = total ?? MOST_BYTES;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    received += chunk.length;
    if (received > most) throw new DownloadError(`expected at most ${most} bytes, got more`);
    await onBytes(received, total);
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

/** Why `fetch` failed, without the address, which the message has already. */
function reasonOfFetch(thrown: unknown): string {
  const inner = thrown instanceof TypeError && thrown.cause instanceof Error ? thrown.cause : thrown;
  return messageOf(inner).replace(/^error sending request for url \(.*?\): /, "").replace(
    /^client error \(\w+\): /,
    "",
  );
}

/** Aborts a download when the server has stopped sending. */
class IdleTimeout {
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
