import { assertEquals } from "@std/assert";
import { crc32, plainCrc32, PlainSha256, sha256 } from "./checksums.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

// FIPS 180-4, examples of SHA-256.
const digests = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
] as const;

for (const [name, begin] of [["host", sha256], ["plain", () => new PlainSha256()]] as const) {
  Deno.test(`SHA-256 of known texts [${name}]`, () => {
    for (const [text, expected] of digests) {
      const digester = begin();
      digester.add(bytesOf(text));
      assertEquals(digester.digest(), expected);
    }
  });
}

Deno.test("SHA-256 in plain TypeScript agrees with that of the host, for any division into parts", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * i % 251);
  for (const parts of [[0, 1000], [1, 63, 64, 65, 128, 500], [55, 56, 57, 119, 120]]) {
    const [plain, host] = [new PlainSha256(), sha256()];
    let at = 0;
    for (const end of parts) {
      plain.add(bytes.subarray(at, end));
      host.add(bytes.subarray(at, end));
      at = end;
    }
    assertEquals(plain.digest(), host.digest());
  }
});

Deno.test("CRC-32 of the check text", () => {
  assertEquals(plainCrc32(bytesOf("123456789")), 0xcbf43926);
  assertEquals(crc32(bytesOf("123456789")), 0xcbf43926);
  assertEquals(plainCrc32(new Uint8Array()), 0);
});
