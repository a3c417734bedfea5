/**
 * The checksum of records: CRC-32C.
 *
 * Source: Castagnoli, Bräuer and Herrmann, "Optimization of cyclic redundancy-check codes with 24 and 32 parity bits",
 * 1993.
 *
 * @module
 */

/** The polynomial with its bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? remainder >>> 1 ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** Returns the checksum of some bytes. */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = remainder >>> 8 ^ table[(remainder ^ byte) & 0xff];
  return ~remainder >>> 0;
}

/**
 * Returns the checksum as records hold it: rotated and offset, so that bytes that contain a checksum have a useful one,
 * too.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}
