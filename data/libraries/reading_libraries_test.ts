import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readingLibraryVersions } from "./reading_libraries.ts";

Deno.test("libraries are fetched in the versions of deno.json", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  for (const [name, version] of Object.entries(readingLibraryVersions)) {
    assertEquals(imports[name], `npm:${name}@${version}`);
  }
});

Deno.test("the decoder of JPEG files is fetched for the first of them, and a missing one is then named", async () => {
  const cache = await Deno.makeTempDir();
  const program = `
    import { readImages } from "./data/mod.ts";
    import { pngFile, jpegCases } from "./data/images/test_images.ts";
    console.log((await readImages(pngFile(1, 1, [51]), { size: [1, 1], channels: 1 })).values[0]);
    await readImages(jpegCases.gray.file, { size: [1, 1] }).catch((error) => console.log(String(error)));
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--cached-only", "--ext=ts", program],
    cwd: fromFileUrl(new URL("../..", import.meta.url)),
    env: { DENO_DIR: cache, NO_COLOR: "1" },
  }).output();
  assertMatch(
    new TextDecoder().decode(stdout),
    /^0\.2\d*\nLibraryError: Cannot read a JPEG file: expected jpeg-js .* fetched from npm/,
  );
  await Deno.remove(cache, { recursive: true });
});
