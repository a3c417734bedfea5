import { assertEquals } from "@std/assert";
import { root } from "../tests/documentation/pages.ts";
import { argumentsOfParts } from "./run_tests.ts";

/** The test files in a folder, relative to the root. */
function* testsIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(root + folder)) {
    if (name.startsWith(".") || name === "node_modules" || name === "coverage") continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    if (isDirectory) yield* testsIn(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}

const isIn = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => folder === "." || path.startsWith(`${folder}/`));

Deno.test("each test runs in one of the processes, and each process has tests", () => {
  const parts = argumentsOfParts.map((args) => {
    const ignored = args.flatMap((arg) => arg.startsWith("--ignore=") ? arg.slice("--ignore=".length).split(",") : []);
    return { folders: args.filter((arg) => !arg.startsWith("-")), ignored, files: [] as string[] };
  });
  const files = [...testsIn("")];
  for (const file of files) {
    const own = parts.filter(({ folders, ignored }) => isIn(file, folders) && !isIn(file, ignored));
    assertEquals(own.length, 1, `${file} is in ${own.length} parts`);
    own[0].files.push(file);
  }
  assertEquals(parts.filter((part) => part.files.length === 0), []);
});
