/**
 * Every option of the functions that help to find faults, compared with its definition.
 */

import { assertEquals } from "@std/assert";
import * as core from "../core/mod.ts";
import { testOptions } from "./option_definitions.ts";

testOptions<core.DebugPrintOptions>("debugPrint", null, {
  label: async () => {
    for (const [label, wanted] of [["x", "x: f32[] 3"], [undefined, "f32[] 3"]] as const) {
      const lines: string[] = [];
      core.debugPrint(core.tensor(3), { ...label && { label }, print: (text) => lines.push(text) });
      await core.debugPrintsDone();
      assertEquals(lines, [wanted]);
    }
  },
  print: async () => {
    const [lines, { log }] = [[] as string[], console];
    console.log = (text: string) => lines.push(`console: ${text}`);
    try {
      core.debugPrint(core.tensor(3));
      core.debugPrint(core.tensor(4), { print: (text) => lines.push(`mine: ${text}`) });
      await core.debugPrintsDone();
    } finally {
      console.log = log;
    }
    assertEquals(lines, ["console: f32[] 3", "mine: f32[] 4"]);
  },
});
