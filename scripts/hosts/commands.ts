/**
 * Commands of other hosts, and where they are found.
 *
 * @module
 */

/** Options of {@linkcode run}. */
export interface RunOptions {
  /** The folder in which the command runs. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command and returns what it prints.
 *
 * @throws {Error} with its messages if it fails.
 */
export async function run([command, ...args]: readonly string[], options: RunOptions = {}): Promise<string> {
  const env = { NO_COLOR: "1", ...options.env };
  const { success, code, stdout, stderr } = await new Deno.Command(command, { args, ...options, env, stdin: "null" })
    .output();
  const [output, messages] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return output;
  throw new Error(`${command} ${args.join(" ")} ended with exit code ${code}:\n${messages}${output}`);
}

/** Returns the first of these commands that exists; undefined if there is none. */
export async function findCommand(commands: readonly string[]): Promise<string | undefined> {
  for (const command of commands) {
    try {
      await run([command, "--version"]);
      return command;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}
