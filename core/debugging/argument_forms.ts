/**
 * The forms of arguments, read back from the text by which compiled versions are found, so that explanations need
 * nothing else to be kept.
 *
 * @module
 */

/** The text of each part of the arguments: the type of a tensor, or a constant, by its path, such as `0.W[1]`. */
export type ArgumentForm = ReadonlyMap<string, string>;

/** The text of a part that only the other form has. */
export const ABSENT = "absent";

/** Reads the structure of a tree from the start of a text. */
class StructureReader {
  readonly parts: { readonly path: string; readonly constant: string | null }[] = [];
  #position = 0;

  constructor(readonly text: string) {}

  /** The text after the structure. */
  get rest(): string {
    return this.text.slice(this.#position);
  }

  #take(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.#position;
    const [found] = sticky.exec(this.text) ?? [];
    this.#position += found?.length ?? 0;
    return found;
  }

  read(path = ""): void {
    if (this.#take(/\*/)) this.parts.push({ path, constant: null });
    else if (this.#take(/\[/)) this.#readItems(path);
    else if (this.#take(/\{/)) this.#readFields(path);
    else this.#readConstant(path);
  }

  #readItems(path: string): void {
    for (let i = 0; !this.#take(/\]/); i++) this.read(path === "" ? `${i}` : `${path}[${i}]`);
  }

  #readFields(path: string): void {
    while (!this.#take(/\}/)) {
      const key: string = JSON.parse(this.#take(quoted) ?? "null");
      this.#take(/:/);
      this.read(`${path}.${key}`);
    }
  }

  #readConstant(path: string): void {
    this.#take(/\w+ /);
    const constant = this.#take(quoted) ?? this.#take(/[^;]*/) ?? "";
    this.#take(/;/);
    this.parts.push({ path, constant });
  }
}

const quoted = /"(?:[^"\\]|\\.)*"/;

/** The form that a text describes: the structure of the arguments, and after it the types of the tensors. */
export function readForm(signature: string): ArgumentForm {
  const reader = new StructureReader(signature);
  reader.read();
  // The extents within a type are separated by a comma and a blank.
  const types = reader.rest.trimStart().split(/,(?! )/);
  let next = 0;
  return new Map(reader.parts.map(({ path, constant }) => [path, constant ?? types[next++]]));
}

/** A part in which two forms differ. */
export interface FormDifference {
  readonly path: string;
  readonly before: string;
  readonly now: string;
}

/** The parts in which two forms differ. */
export function differences(before: ArgumentForm, now: ArgumentForm): FormDifference[] {
  const paths = new Set([...now.keys(), ...before.keys()]);
  return [...paths].map((path) => ({ path, before: before.get(path) ?? ABSENT, now: now.get(path) ?? ABSENT })).filter(
    ({ before, now }) => before !== now,
  );
}
