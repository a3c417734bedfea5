/**
 * Grey pictures as PNG files.
 *
 * Source: W3C, "Portable Network Graphics (PNG) Specification", third edition, 2025.
 *
 * @module
 */

/** A grey picture: rows of bytes, 0 being black. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BITS_PER_PIXEL = 8;

/**
 * The bytes of a PNG file that shows a picture.
 *
 * @throws {RangeError} if the pixels are not width · height.
 */
export async function encodePng({ width, height, pixels }: GreyPicture): Promise<Uint8Array> {
  if (pixels.length !== width * height) {
    throw new RangeError(`Cannot write ${pixels.length} pixels as a picture of ${width} by ${height}`);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // What follows is 0: grey, compressed and filtered as is usual, not interlaced.
  view.setUint8(8, BITS_PER_PIXEL);
  // Each row begins with the number of its filter: none.
  const rows = new Uint8Array(height * (width + 1));
  for (let row = 0; row < height; row++) {
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  const parts = [
    signature,
    chunk("IHDR", header),
    chunk("IDAT", await compress(rows)),
    chunk("IEND", new Uint8Array()),
  ];
  return joined(parts);
}

async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Length, name, content and checksum of both. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(name), content]);
  const bytes = new Uint8Array(named.length + 8);
  bytes.set(named, 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  view.setUint32(named.length + 4, checksum(named));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** The cyclic redundancy check of 32 bits, whose reversed polynomial is 0xedb88320. */
function checksum(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? remainder >>> 1 ^ 0xedb88320 : remainder >>> 1;
  }
  return ~remainder >>> 0;
}
