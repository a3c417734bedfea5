/**
 * Runs all tests, in two processes at a time: those of `tests/`, and those beside the code. With arguments, it runs
 * `deno test` with them: `deno task test core/nearest_test.ts`.
 *
 * @module
 */

/**
 * The folders of each process, those that take longest first, so that both processes end at nearly the same time. A folder
 * is without those in it that another process has; `.` is all the rest.
 */
const parts: readonly (readonly string[])[] = [
  ["tests/documentation", "tests/proof"],
  ["model/training"],
  ["tests"],
  ["core/webgpu", "core/wasm"],
  ["model"],
  ["core"],
  ["cli", "optim", "layers"],
  ["."],
];

/** The arguments by which each process tests its part. */
export const argumentsOfParts: readonly (readonly string[])[] = parts.map((part) => {
  const isWithin = (folder: string) => part.some((own) => own === "." || folder.startsWith(`${own}/`));
  const ignored = parts.filter((other) => other !== part).flat().filter(isWithin);
  return [...ignored.length > 0 ? [`--ignore=${ignored.join()}`] : [], ...part];
});

/** `deno test`. Types of all files are checked by `deno task check`, once. */
const command = (args: readonly string[]) => new Deno.Command(Deno.execPath(), { args: ["test", "-A", ...args] });

/** Writes all bytes to standard output. */
async function write(bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await Deno.stdout.write(bytes.subarray(written));
}

/** Runs all parts, some of them shown as they run and the others afterwards. Returns the first status that is not 0. */
async function testAll(): Promise<number> {
  const codes: number[] = [];
  const hidden: Uint8Array[] = [];
  const next = argumentsOfParts.values();
  const show = async () => {
    for (const part of next) codes.push((await command(["--no-check", ...part]).spawn().status).code);
  };
  const hide = async () => {
    for (const part of next) {
      const { code, stdout, stderr } = await command(["--no-check", ...part]).output();
      codes.push(code);
      hidden.push(stderr, stdout);
    }
  };
  await Promise.all([show(), hide()]);
  for (const output of hidden) await write(output);
  return codes.find((code) => code !== 0) ?? 0;
}

if (import.meta.main) {
  Deno.exit(Deno.args.length > 0 ? (await command(Deno.args).spawn().status).code : await testAll());
}
