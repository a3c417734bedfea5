/** What a suite of the proof is asked to do. What is left out has the suite's own default. */
export interface SuiteOptions {
  /** Where all choices of the suite come from: the same seed tries the same cases. */
  readonly seed: number;
  /** How many cases to try. */
  readonly count?: number;
  /** The folders whose code the suite changes, if it changes code (default: all). */
  readonly folders?: readonly string[];
  /** The devices to try, `["wasm"]` where there is no WebGPU. */
  readonly devices: readonly ("wasm" | "webgpu")[];
  /** Whether to record what later runs are compared with, instead of comparing with it (default: false). */
  readonly records?: boolean;
  /** Takes a line about the progress. */
  readonly log: (line: string) => void;
}

/** What a suite did and found. */
export interface SuiteReport {
  /** What was tried, with its numbers: `14 400 samples of 72 operations on wasm and webgpu`. */
  readonly tried: string;
  /** One line per fault, with what repeats it (a seed, a program). None if everything held. */
  readonly faults: readonly string[];
  /** What stands below the suite's heading in docs/accuracy.md: tables and what they say, in Markdown. */
  readonly section: string;
}

/** One suite of the proof, which `deno task prove` runs: alone by its name, or with all others. */
export interface Suite {
  /** The name on the command line, and the heading in docs/accuracy.md. */
  readonly name: string;
  /** One sentence: what is compared with what. */
  readonly description: string;
  /** Tries the cases. Faults are reported, not thrown. */
  readonly run: (options: SuiteOptions) => Promise<SuiteReport>;
}
