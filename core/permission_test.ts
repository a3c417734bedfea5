import { assertEquals } from "@std/assert";
import { reasonOf } from "./permission.ts";

Deno.test("a missing permission is reported with its flag", () => {
  const cases = [
    ["read", "/a/b c", "reading /a/b c is not permitted; run again with --allow-read=/a/b c"],
    ["write", "/a", "writing /a is not permitted; run again with --allow-write=/a"],
    ["net", "example.com:443", "reaching example.com is not permitted; run again with --allow-net=example.com"],
    ["net", "example.com:80", "reaching example.com:80 is not permitted; run again with --allow-net=example.com:80"],
    ["env", "HOME", "reading HOME is not permitted; run again with --allow-env=HOME"],
  ] as const;
  for (const [kind, what, expected] of cases) {
    const message = `Requires ${kind} access to "${what}", run again with the --allow-${kind} flag`;
    assertEquals(reasonOf(new Deno.errors.NotCapable(message)), expected);
  }
  assertEquals(reasonOf(new Error("no bread")), "no bread");
  assertEquals(reasonOf("bread"), "bread");
});

Deno.test("Deno words missing permissions as expected here", async () => {
  const program = `
    import { reasonOf } from ${JSON.stringify(import.meta.resolve("./permission.ts"))};
    for (const one of [() => Deno.readTextFileSync("/nowhere"), () => Deno.env.get("HOME"), () => fetch("https://a.invalid/")]) {
      try { await one(); } catch (error) { console.log(reasonOf(error)); }
    }
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", `data:text/javascript,${encodeURIComponent(program)}`],
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim().split("\n"), [
    "reading /nowhere is not permitted; run again with --allow-read=/nowhere",
    "reading HOME is not permitted; run again with --allow-env=HOME",
    "reaching a.invalid is not permitted; run again with --allow-net=a.invalid",
  ]);
});
