import { assert, assertEquals } from "@std/assert";
import { showText, showValue } from "./show.ts";
import { cpuTime } from "../../tests/cpu_time.ts";

Deno.test("text from files is shown in one line, without control characters, and shortened", () => {
  assertEquals(showText("label"), "label");
  assertEquals(showText('a "b"\r\n\x1b[2J'), 'a "b"\\r\\n\\u001b[2J');
  assertEquals(showText("\x7f\x9b\u2028\u202etxt.exe"), "\\u007f\\u009b\\u2028\\u202etxt.exe");
  assertEquals(showText("\ud800"), "\ufffd");
  assertEquals(showText("a".repeat(80)), "a".repeat(80));
  assertEquals(showText("a".repeat(1_000_000)), `${"a".repeat(80)}…`);
});

Deno.test("strings are shown in quotes, without control characters, and shortened before they are copied", () => {
  assertEquals(showValue("a\nb"), '"a\\nb"');
  assertEquals(showValue("\x9b31m\u202e"), '"\\u009b31m\\u202e"');
  assertEquals(showValue("a".repeat(78)), `"${"a".repeat(78)}"`);
  assertEquals(showValue("a".repeat(79)), `"${"a".repeat(79)}…`);
  const begin = cpuTime();
  assertEquals(showValue("\n".repeat(2 ** 28)), `"${"\\n".repeat(40)}`.slice(0, 80) + "…");
  assert(cpuTime() - begin < 500);
});

Deno.test("the name of a class has the right article", () => {
  class UnsavedError {}
  class HTMLElement {}
  class Model {}
  const shown = [
    new AbortController(),
    new Uint8Array(),
    new Int8Array(),
    new Map(),
    new URL("file:///a"),
    new Error(),
  ];
  assertEquals(shown.map(showValue), [
    ...["an AbortController", "a Uint8Array", "an Int8Array", "a Map", "a URL", "an Error"],
  ]);
  assertEquals([new UnsavedError(), new HTMLElement(), new Model()].map(showValue), [
    ...["an UnsavedError", "an HTMLElement", "a Model"],
  ]);
});
