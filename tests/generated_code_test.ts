import { assertEquals } from "@std/assert";
import { groups, sections } from "./generated_code/programs.ts";
import { changes, codeOf, readRecord, recordedCode, showRecord } from "./generated_code/record.ts";
import { CodeRecord } from "./generated_code/targets.ts";
import { graphOf } from "./oracle.ts";

const recorded = await readRecord();

for (const [title, names] of Object.entries(sections)) {
  Deno.test(`the code that is generated for ${title} is as recorded`, () => {
    const now = codeOf(Object.fromEntries(names.map((name) => [name, groups[name]])));
    assertEquals(names.flatMap((name) => changes(name, recorded[name], now[name])), []);
  });
}

Deno.test("the record has the programs that are tried, and is written as the task writes it", async () => {
  const names = Object.keys(recorded).filter((name) => !name.startsWith("network "));
  assertEquals(names, Object.keys(groups), "deno task record:code records them anew");
  assertEquals(await Deno.readTextFile(recordedCode), showRecord(recorded));
});

Deno.test("the message about other code names the program, the device, the sizes and the task that records it", () => {
  const code = (factor: number) => {
    const record = new CodeRecord();
    record.addGraph(graphOf((x) => x.mul(factor), [{ shape: [3], dtype: "f32" }]));
    return record.generated;
  };
  assertEquals(changes("a product", code(3), code(3)), []);
  const messages = changes("a product", code(3), code(0.1));
  assertEquals(messages.length, 4);
  const { kernels, bytes, hash } = code(0.1).nests;
  assertEquals(messages[0].includes(`now ${kernels} kernels of ${bytes} bytes (${hash}). If it was meant`), true);
  assertEquals(changes("a product", undefined, code(3)), [
    "the code generated for a product is not recorded yet: run deno task record:code",
  ]);
});
