/**
 * JSON as a tree that can hold what JSON texts may contain but values cannot: fields twice, numbers beyond all bounds,
 * and words that are no JSON.
 *
 * @module
 */

/** A record with its fields in order, a list, or the text of anything else. */
export type Tree = { readonly fields: [string, Tree][] } | { readonly items: Tree[] } | string;

/** The tree of a value. */
export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  if (typeof value === "object" && value !== null) {
    return { fields: Object.entries(value).map(([name, one]) => [name, treeOf(one)]) };
  }
  return JSON.stringify(value);
}

/** The text of a tree. */
export function textOf(tree: Tree): string {
  if (typeof tree === "string") return tree;
  if ("items" in tree) return `[${tree.items.map(textOf).join(",")}]`;
  return `{${tree.fields.map(([name, one]) => `${JSON.stringify(name)}:${textOf(one)}`).join(",")}}`;
}

/** A part of a tree: the list or record that holds it, and its position there. */
export interface Part {
  readonly holder: Exclude<Tree, string>;
  readonly at: number;
}

/** All parts of a tree. */
export function* partsOf(tree: Tree): Generator<Part> {
  if (typeof tree === "string") return;
  const children = "items" in tree ? tree.items : tree.fields.map(([, one]) => one);
  for (let at = 0; at < children.length; at++) {
    yield { holder: tree, at };
    yield* partsOf(children[at]);
  }
}

/** The tree of a part. */
export function partTree({ holder, at }: Part): Tree {
  return "items" in holder ? holder.items[at] : holder.fields[at][1];
}

/** Replaces a part. */
export function replacePart({ holder, at }: Part, by: Tree): void {
  if ("items" in holder) holder.items[at] = by;
  else holder.fields[at][1] = by;
}
