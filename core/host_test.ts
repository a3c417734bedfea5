import { assertEquals, assertThrows } from "@std/assert";
import { hasThreads, hostModule, neededModule, processors } from "./host.ts";

const VARIABLE = "SLURM_CPUS_PER_TASK";

/** The number of processors with a value of Slurm's variable. */
function processorsWith(value: string): number {
  const before = Deno.env.get(VARIABLE);
  Deno.env.set(VARIABLE, value);
  try {
    return processors();
  } finally {
    if (before === undefined) Deno.env.delete(VARIABLE);
    else Deno.env.set(VARIABLE, before);
  }
}

Deno.test("Slurm's number of processors counts if it is at least 1 and at most what there is", () => {
  const all = navigator.hardwareConcurrency;
  assertEquals(["1", "1.9"].map(processorsWith), [1, 1]);
  assertEquals(["0", "0.9", "-2", "", "many", `${all}`, `${all + 1}`].map(processorsWith), new Array(7).fill(all));
});

Deno.test("Deno includes Node's modules, and what needs one says so where it is missing", () => {
  assertEquals(hostModule("node:path"), process.getBuiltinModule("node:path"));
  assertEquals(neededModule("node:path", "join paths"), process.getBuiltinModule("node:path"));
  assertEquals(hasThreads(), true);
  const { getBuiltinModule } = process;
  try {
    process.getBuiltinModule = () => undefined;
    assertThrows(
      () => neededModule("node:path", "join paths"),
      TypeError,
      "Cannot join paths: it requires node:path, which Deno and Node have, but this host does not",
    );
    assertEquals(hasThreads(), true);
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
});
