/**
 * Recognizes test runners, in whose output the progress of trainings is noise.
 *
 * @module
 */

/** Deno's names of tests, benchmarks and examples in documentation, which are the main modules when it runs them. */
const testModule = /(?:^|[/_.])(?:test|bench)\.[cm]?[jt]sx?$|[#$]\d+-\d+\.[jt]sx?$/;

/** Variables that test runners of Node set. */
const testVariables: readonly string[] = ["NODE_TEST_CONTEXT", "VITEST", "JEST_WORKER_ID"];

/** Whether a test runner runs this program. */
export function isTestRun(): boolean {
  if (globalThis.Deno !== undefined) return isTestModule(Deno.mainModule);
  const { env } = (globalThis.process ?? {}) as { readonly env?: Readonly<Record<string, string | undefined>> };
  return env !== undefined && testVariables.some((name) => env[name] !== undefined);
}

/** Whether a main module has the name of a test. */
export function isTestModule(url: string): boolean {
  return testModule.test(url);
}
