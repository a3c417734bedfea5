/**
 * The checksum of records: CRC-32C.
 *
 * Source: Castagnoli, Bräuer and Herrmann, "Optimization of cyclic redundancy-check codes with 24 and 32 parity bits",
 * 1993.
 *
 * @module
 */

/** The polynomial with its bits turned round. */
const POLYNOMIAL = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? remainder >>> 1 ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** The checksum of some bytes. */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = remainder >>> 8 ^ table[(remainder ^ byte) & 0xff];
  return ~remainder >>> 0;
}

/** The checksum as records hold it: turned and shifted, so that bytes with a checksum inside have a useful one again. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}
