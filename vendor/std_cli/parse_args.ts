type Names<T extends string> = T | readonly T[];
type Value = string | number | boolean;

/** What `parseArgs` is told about the flags of a program. */
export interface ParseOptions<B extends string, S extends string, C extends string, N extends string, D> {
  /** Keep what follows `--` apart, under that name. */
  "--"?: boolean;
  /** Further names of a flag. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Flags that are true or false. */
  boolean?: Names<B>;
  /** Flags whose value is text, never a number. */
  string?: Names<S>;
  /** Flags that may come several times: their values are gathered in an array. */
  collect?: Names<C>;
  /** Flags that `--no-…` sets to false. */
  negatable?: Names<N>;
  /** Values of flags that did not come. */
  default?: D;
  /** Leave everything after the first argument that is no flag alone. */
  stopEarly?: boolean;
  /** Called with each argument that is not described here; `false` leaves it out of the result. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type Collected<C extends string, S extends string> = { [K in Extract<S, C>]: string[] };
type Given<S extends string, C extends string, D> = {
  [K in Extract<Exclude<S, C>, keyof D>]: string | D[K];
};
type Optional<S extends string, C extends string, D> = { [K in Exclude<S, C | keyof D>]?: string };

/** The flags that came, by name, and the other arguments as `_`. */
export type Args<B extends string, S extends string, C extends string, D> =
  & Record<string, unknown>
  & { [K in B]: boolean }
  & Collected<C, S>
  & Given<S, C, D>
  & Optional<S, C, D>
  & { _: (string | number)[]; "--"?: string[] };

const flagPattern = /^(?:--(?<long>[^=]+)|-(?<letters>[^\-=][^=]*))(?:=(?<value>.*))?$/s;
const numberPattern = /^(?:0x[0-9a-f]+|[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)$/i;

function listOf(names: string | readonly string[] | undefined): readonly string[] {
  return typeof names === "string" ? [names] : names ?? [];
}

/** Every name of each flag, whichever of them is asked for. */
function synonyms(alias: Readonly<Record<string, string | readonly string[]>>): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(alias)) {
    const group = [name, ...listOf(others)];
    for (const one of group) groups.set(one, group);
  }
  return groups;
}

/** The walk over one command line. */
class Parser {
  readonly #names: Map<string, readonly string[]>;
  readonly #kinds: Record<"boolean" | "string" | "collect" | "negatable", ReadonlySet<string>>;
  readonly #unknown: (arg: string, key?: string, value?: unknown) => unknown;
  readonly positional: (string | number)[] = [];
  readonly flags = new Map<string, unknown>();

  constructor(options: ParseOptions<string, string, string, string, unknown>) {
    this.#names = synonyms(options.alias ?? {});
    const known = (names: string | readonly string[] | undefined) =>
      new Set(listOf(names).flatMap((name) => this.namesOf(name)));
    this.#kinds = {
      boolean: known(options.boolean),
      string: known(options.string),
      collect: known(options.collect),
      negatable: known(options.negatable),
    };
    this.#unknown = options.unknown ?? (() => true);
  }

  namesOf(name: string): readonly string[] {
    return this.#names.get(name) ?? [name];
  }

  /** Reads the arguments up to the end, or up to the first that is no flag. */
  read(args: readonly string[], stopEarly: boolean): void {
    for (let i = 0; i < args.length; i++) {
      const flag = flagPattern.exec(args[i])?.groups;
      if (flag) {
        i += this.#flag(args[i], flag, args[i + 1]);
        continue;
      }
      if (this.#unknown(args[i]) !== false) this.positional.push(this.#plain("_", args[i]));
      if (stopEarly) {
        this.positional.push(...args.slice(i + 1));
        return;
      }
    }
  }

  /** Values of the flags that did not come. */
  complete(defaults: object): void {
    for (const [name, value] of Object.entries(defaults)) {
      if (!this.flags.has(name)) this.namesOf(name).forEach((one) => this.flags.set(one, value));
    }
    for (const name of this.#kinds.collect) this.#default(name, []);
    for (const name of this.#kinds.boolean) this.#default(name, false);
  }

  #default(name: string, value: unknown): void {
    if (!this.flags.has(name)) this.flags.set(name, value);
  }

  /** Reads one flag; returns how many of the arguments after it were its value. */
  #flag(arg: string, { long, letters, value }: Record<string, string | undefined>, next: string | undefined): number {
    if (letters) {
      for (const letter of letters.slice(0, -1)) this.#set(letter, this.#bare(letter), arg);
    }
    const key = long ?? letters?.at(-1) ?? "";
    if (value !== undefined) {
      this.#set(key, this.#kinds.boolean.has(key) ? value !== "false" : value, arg);
      return 0;
    }
    const negated = /^no-(.+)$/.exec(key)?.[1];
    if (negated !== undefined && this.#kinds.negatable.has(negated)) {
      this.#set(negated, false, arg);
      return 0;
    }
    if (this.#kinds.boolean.has(key)) {
      const told = next === "true" || next === "false";
      this.#set(key, next !== "false", arg);
      return told ? 1 : 0;
    }
    const taken = next !== undefined && next !== "" && !next.startsWith("-");
    this.#set(key, taken ? next : this.#bare(key), arg);
    return taken ? 1 : 0;
  }

  #bare(key: string): string | boolean {
    return this.#kinds.string.has(key) ? "" : true;
  }

  #plain(key: string, value: string): string | number {
    return !this.#kinds.string.has(key) && numberPattern.test(value) ? Number(value) : value;
  }

  #set(key: string, raw: string | boolean, arg: string): void {
    const known = this.#kinds.boolean.has(key) || this.#kinds.string.has(key) || this.#names.has(key);
    if (!known && this.#unknown(arg, key, raw) === false) return;
    const value: Value = typeof raw === "string" ? this.#plain(key, raw) : raw;
    for (const name of this.namesOf(key)) {
      const before = this.flags.get(name);
      this.flags.set(name, this.#kinds.collect.has(key) ? [...(Array.isArray(before) ? before : []), value] : value);
    }
  }
}

/**
 * The flags and the other arguments of a command line.
 *
 * Numbers become numbers unless their flag is declared `string`; what follows `--` is not read.
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
>(args: string[], options: ParseOptions<B, S, C, N, D> = {}): Args<B, S, C, D> {
  const end = args.indexOf("--");
  const parser = new Parser(options);
  parser.read(end < 0 ? args : args.slice(0, end), options.stopEarly ?? false);
  parser.complete(options.default ?? {});
  const rest = end < 0 ? [] : args.slice(end + 1);
  const result = options["--"]
    ? { ...Object.fromEntries(parser.flags), _: parser.positional, "--": rest }
    : { ...Object.fromEntries(parser.flags), _: [...parser.positional, ...rest] };
  return result as Args<B, S, C, D>;
}
