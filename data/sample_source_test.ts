import { assertThrows } from "@std/assert";
import { data } from "./data.ts";
import type { SampleSource } from "./sample_source.ts";

Deno.test("a source that reads later is refused: its samples would be used before they are there", () => {
  const later: SampleSource = {
    shape: [3, 4],
    read: async (_numbers, target) => {
      await Promise.resolve();
      target.fill(1);
    },
  };
  const levels: SampleSource = {
    shape: [3, 4],
    read: (_numbers, target) => target.fill(1),
    readLevels: async (_numbers, target) => {
      await Promise.reject(new Error("the disk is gone"));
      target.fill(255);
    },
  };
  const y = Int32Array.of(0, 1, 0);
  const message = "Cannot read samples: expected read to fill its target before it returns, got a Promise";
  assertThrows(() => data([{ x: later, y }, { x: later, y }]), TypeError, message);
  const gray = data([{ x: levels, y }, { x: levels, y }]);
  assertThrows(() => gray.training.rows.x.tensor(0, 3), TypeError, "expected readLevels to fill its target");
});
