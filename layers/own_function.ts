/**
 * Functions of the user's own where a choice by name is expected.
 *
 * @module
 */

import type { AnyOption, Kind } from "../core/options/option.ts";

/**
 * The refusals of a choice, which tell those who read a configuration that functions of their own are named there only.
 */
export function refuseOwn(choice: Pick<AnyOption, "refuse">): Kind<unknown>["refuse"] {
  return (value) => {
    const refusal = choice.refuse(value);
    const named = typeof value === "object" && value !== null && "function" in value;
    return named
      ? { ...refusal, got: `${refusal.got}; a function of your own cannot be read from a configuration` }
      : refusal;
  };
}
