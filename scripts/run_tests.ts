/**
 * Runs all tests in two processes side by side: those of `tests/`, and those beside the code. With arguments, it runs
 * `deno test` with them: `deno task test core/nearest_test.ts`.
 *
 * @module
 */

/** The arguments of each process. */
const halves: readonly (readonly string[])[] = [["tests"], ["--ignore=tests"]];

/** Runs tests, and returns the exit status. What is not shown as it comes is shown at the end. */
async function test(args: readonly string[], { shown }: { readonly shown: boolean }): Promise<number> {
  const stdio = shown ? "inherit" : "piped";
  const command = new Deno.Command(Deno.execPath(), { args: ["test", "-A", ...args], stdout: stdio, stderr: stdio });
  if (shown) return (await command.spawn().status).code;
  const { code, stdout, stderr } = await command.output();
  await Deno.stdout.write(stderr);
  for (let written = 0; written < stdout.length;) written += await Deno.stdout.write(stdout.subarray(written));
  return code;
}

/** Runs both halves, and returns the first exit status that is not 0. */
async function testAll(): Promise<number> {
  const [first, second] = halves;
  const late = test(second, { shown: false });
  const codes = [await test(first, { shown: true }), await late];
  return codes.find((code) => code !== 0) ?? 0;
}

if (import.meta.main) Deno.exit(Deno.args.length > 0 ? await test(Deno.args, { shown: true }) : await testAll());
