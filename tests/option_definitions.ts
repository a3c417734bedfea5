/**
 * Tests each option of a function against a value that follows from its definition.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { setDevice, type Tensor } from "../core/mod.ts";
import type { AnyDeclaration } from "../core/options/option.ts";

/** One test of each option; with an option that has none, this does not compile. */
export type OptionTests<O> = { readonly [K in keyof Required<O>]: () => void | Promise<void> };

/** Registers a test of each option, and one that each declared option has one, if the declaration is known. */
export function testOptions<O>(name: string, declared: AnyDeclaration | null, tests: OptionTests<O>): void {
  const all = Object.entries<() => void | Promise<void>>(tests);
  if (declared) {
    Deno.test(`each declared option of ${name} has a test of its definition`, () => {
      assertEquals(all.map(([option]) => option).sort(), Object.keys(declared).sort());
    });
  }
  for (const [option, test] of all) {
    Deno.test(`option ${option} of ${name} does what its definition says`, async () => {
      await setDevice("wasm");
      await test();
    });
  }
}

/** Fails unless the tensor has these elements, up to the rounding of single precision. */
export async function assertElements(actual: Tensor, wanted: readonly number[], title = ""): Promise<void> {
  const elements = [...await actual.data()].map(Number);
  const isNear = (one: number, i: number): boolean =>
    Object.is(one, wanted[i]) || Math.abs(one - wanted[i]) <= 5e-6 + 1e-5 * Math.abs(wanted[i]);
  assert(
    elements.length === wanted.length && elements.every(isNear),
    `${title}: expected ${wanted}, got ${elements}`,
  );
}
