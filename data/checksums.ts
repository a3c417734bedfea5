/**
 * SHA-256, and the checksum of zip files. Deno and Node compute them; other hosts do so in plain TypeScript.
 *
 * @see {@link https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.180-4.pdf | FIPS 180-4, Secure Hash Standard}
 *
 * @module
 */

import { hostModule } from "../core/host.ts";

/** A digest that is being computed. */
export interface Digester {
  /** Adds bytes. */
  add(bytes: Uint8Array): void;
  /** The digest in hexadecimal digits; nothing can be added afterwards. */
  digest(): string;
}

/** Starts a digest. */
export function sha256(): Digester {
  const hash = hostModule("node:crypto")?.createHash("sha256");
  return hash ? { add: (bytes) => void hash.update(bytes), digest: () => hash.digest("hex") } : new PlainSha256();
}

const BLOCK = 64;

/** The first 32 bits after the binary point of a root of each of the first primes. */
function rootsOfPrimes(count: number, power: number): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Uint32Array.from(primes, (prime) => (prime ** power % 1) * 2 ** 32);
}

/** SHA-256 without the help of the host. */
export class PlainSha256 implements Digester {
  readonly #state = rootsOfPrimes(8, 1 / 2);
  readonly #constants = rootsOfPrimes(64, 1 / 3);
  readonly #words = new Uint32Array(64);
  readonly #block = new Uint8Array(BLOCK);
  #length = 0;

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const filled = this.#length % BLOCK;
      const part = bytes.subarray(at, at + BLOCK - filled);
      this.#block.set(part, filled);
      at += part.length;
      this.#length += part.length;
      if (this.#length % BLOCK === 0) this.#compress();
    }
  }

  digest(): string {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, BigInt(this.#length) * 8n);
    this.add(Uint8Array.of(0x80));
    this.add(new Uint8Array((2 * BLOCK - 8 - this.#length % BLOCK) % BLOCK));
    this.add(new Uint8Array(bits.buffer));
    return Array.from(this.#state, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  #compress(): void {
    const words = this.#words;
    const view = new DataView(this.#block.buffer);
    for (let t = 0; t < 16; t++) words[t] = view.getUint32(4 * t);
    for (let t = 16; t < 64; t++) {
      const [early, late] = [words[t - 15], words[t - 2]];
      const s0 = turn(early, 7) ^ turn(early, 18) ^ early >>> 3;
      const s1 = turn(late, 17) ^ turn(late, 19) ^ late >>> 10;
      words[t] = words[t - 16] + s0 + words[t - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = this.#state;
    for (let t = 0; t < 64; t++) {
      const choice = e & f ^ ~e & g;
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + this.#constants[t] + words[t];
      const majority = a & b ^ a & c ^ b & c;
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority;
      [h, g, f, e, d, c, b, a] = [g, f, e, d + first | 0, c, b, a, first + second | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => this.#state[i] += word);
  }
}

function turn(word: number, bits: number): number {
  return word >>> bits | word << 32 - bits;
}

/** The CRC-32 of zip files (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  return hostModule("node:zlib")?.crc32?.(bytes) ?? plainCrc32(bytes);
}

/** The CRC-32 without the help of the host. */
export function plainCrc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1;
    return n;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ crc >>> 8;
  return ~crc >>> 0;
}
