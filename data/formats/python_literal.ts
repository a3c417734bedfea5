/**
 * Literals of Python: texts, whole numbers, `True`, `False`, `None`, tuples, lists and dictionaries.
 *
 * @see {@link https://docs.python.org/3/library/ast.html#ast.literal_eval | what NumPy reads the headers of its files with}
 *
 * @module
 */

/** A literal. Tuples and lists are arrays, and dictionaries are maps whose keys are texts. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | readonly PythonLiteral[]
  | ReadonlyMap<string, PythonLiteral>;

/** No header of a file has more levels of brackets. */
const DEEPEST = 8;

const words: ReadonlyMap<string, PythonLiteral> = new Map([["True", true], ["False", false], ["None", null]]);

/** The brackets that begin lists, with those that end them. */
const brackets: ReadonlyMap<string, string> = new Map([["(", ")"], ["[", "]"]]);

/**
 * The literal in a text, with blanks around it.
 *
 * @throws {SyntaxError} with the position, counted from 0, at which something else was found.
 */
export function parsePythonLiteral(text: string): PythonLiteral {
  const literal = new Parser(text);
  const value = literal.value(0);
  literal.end();
  return value;
}

class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  value(depth: number): PythonLiteral {
    this.#skipBlanks();
    const first = this.text[this.#at];
    if (first === "'" || first === '"') return this.#string(first);
    if (first === "{" && depth < DEEPEST) return this.#dictionary(depth);
    const close = brackets.get(first);
    if (close !== undefined && depth < DEEPEST) return this.#list(close, depth);
    // Python 2 wrote an L behind large numbers.
    const [token = "", digits] = this.#match(/(-?\d+)L?(?!\w)|\w+/y) ?? [];
    if (digits !== undefined && Number.isSafeInteger(Number(digits))) return Number(digits);
    const word = words.get(token);
    if (word === undefined) this.#refuse("a text, a number, True, False, a tuple or a dictionary", token.length);
    return word;
  }

  end(): void {
    this.#skipBlanks();
    if (this.#at < this.text.length) this.#refuse("the end");
  }

  #string(quote: string): string {
    const begin = ++this.#at;
    const end = this.text.indexOf(quote, begin);
    if (end < 0) this.#refuse(`a closing ${quote}`);
    const value = this.text.slice(begin, end);
    const wrong = value.search(/[\\\r\n]/);
    this.#at = wrong < 0 ? end + 1 : begin + wrong;
    if (wrong >= 0) this.#refuse("a text without backslashes, in one line");
    return value;
  }

  #dictionary(depth: number): ReadonlyMap<string, PythonLiteral> {
    const entries = new Map<string, PythonLiteral>();
    this.#items("}", () => {
      const begin = this.#at;
      const key = this.value(depth + 1);
      if (typeof key !== "string" || entries.has(key)) this.#refuse("another text as key", this.#at - begin);
      this.#expect(":");
      entries.set(key, this.value(depth + 1));
    });
    return entries;
  }

  /** A list, a tuple, or a value in parentheses. */
  #list(close: string, depth: number): PythonLiteral {
    const items: PythonLiteral[] = [];
    const isClosedByComma = this.#items(close, () => items.push(this.value(depth + 1)));
    return close === ")" && items.length === 1 && !isClosedByComma ? items[0] : items;
  }

  /** Reads items that commas separate; returns whether a comma follows the last one. */
  #items(close: string, item: () => void): boolean {
    this.#at++;
    for (let isAfterComma = false;;) {
      if (this.#takes(close)) return isAfterComma;
      item();
      isAfterComma = this.#takes(",");
      if (!isAfterComma) {
        this.#expect(close);
        return false;
      }
    }
  }

  #takes(mark: string): boolean {
    this.#skipBlanks();
    if (this.text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#takes(mark)) this.#refuse(mark);
  }

  #skipBlanks(): void {
    this.#match(/[ \t\r\n]*/y);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #refuse(expected: string, back = 0): never {
    throw new SyntaxError(`expected ${expected} at character ${this.#at - back}`);
  }
}
