/**
 * Messages about functions of the user's own in configurations.
 *
 * @module
 */

import type { AnyOption, Kind } from "../core/options/option.ts";

/**
 * Explains why a choice by name refuses a value: of a function that is not from this library, a configuration has only
 * the name.
 *
 * @param expected the choice in words
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
