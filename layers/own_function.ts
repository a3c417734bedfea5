/**
 * Functions of the user's own where a choice by name is expected.
 *
 * @module
 */

import type { AnyOption, Kind } from "../core/options/option.ts";

/**
 * The refusals of a choice. They explain to those who read a configuration that it only names functions of their own.
 *
 * @param expected What the choice is, in words.
 */
export function refuseOwn(choice: Pick<AnyOption, "refuse">, expected: string): Kind<unknown>["refuse"] {
  return (value) => {
    const refusal = choice.refuse(value);
    if (refusal.path !== "" || refusal.problem !== "kind") return refusal;
    const named = typeof value === "object" && value !== null && "function" in value;
    const hint = named ? "; a function of your own cannot be read from a configuration" : "";
    return { ...refusal, expected, got: `${refusal.got}${hint}` };
  };
}
