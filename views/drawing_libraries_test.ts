import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { libraryVersions } from "./drawing_libraries.ts";

Deno.test("libraries are fetched in the versions of deno.json", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  for (const [name, version] of Object.entries(libraryVersions)) {
    assertEquals(imports[name], `npm:${name}@${version}`);
  }
});

Deno.test("nothing is fetched or loaded before a picture is requested, and a missing library is then named", async () => {
  const cache = await Deno.makeTempDir();
  const program = `
    import { learningCurves } from "./views/mod.ts";
    console.log("loaded");
    await learningCurves({ history: [], errorUnit: "%" }).catch((error) => console.log(String(error)));
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--cached-only", "--ext=ts", program],
    cwd: fromFileUrl(new URL("..", import.meta.url)),
    env: { DENO_DIR: cache, NO_COLOR: "1" },
  }).output();
  assertMatch(new TextDecoder().decode(stdout), /^loaded\nLibraryError: Cannot draw: expected .* fetched from npm/);
  await Deno.remove(cache, { recursive: true });
});
