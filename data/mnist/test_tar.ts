/**
 * Writes archives for tests.
 *
 * @module
 */

const BLOCK = 512;

/** A tar archive of files, compressed with gzip, as npm keeps packages. */
export async function packed(
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const rest = new Uint8Array((BLOCK - content.length % BLOCK) % BLOCK);
    return [header(path, content.length), content, rest];
  });
  const archive = new Blob([...blocks, new Uint8Array(2 * BLOCK)]);
  return new Uint8Array(await new Response(archive.stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
}

/** The header of a file, or of a directory if its path ends in a slash. */
export function header(path: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK);
  const write = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  write(0, path);
  write(124, `${size.toString(8).padStart(11, "0")} `);
  write(156, path.endsWith("/") ? "5" : "0");
  write(257, "ustar\x0000");
  return bytes;
}
