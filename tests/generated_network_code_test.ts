import { assertEquals } from "@std/assert";
import { codeOfNetworks } from "./generated_code/networks.ts";
import { changes, readRecord } from "./generated_code/record.ts";

Deno.test("the code that is generated for the example networks is as recorded", async () => {
  const recorded = await readRecord();
  const changed: string[] = [];
  const names: string[] = [];
  await codeOfNetworks((name, { generated }) => {
    names.push(name);
    changed.push(...changes(name, recorded[name], generated));
  });
  assertEquals(changed, []);
  assertEquals(Object.keys(recorded).filter((name) => name.startsWith("network ")), names);
});
