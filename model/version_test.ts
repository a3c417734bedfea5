import { assertEquals } from "@std/assert";
import configuration from "../deno.json" with { type: "json" };
import { version } from "./version.ts";

Deno.test("reports contain the version of the package", () => {
  assertEquals(version, configuration.version);
});
