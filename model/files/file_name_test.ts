import { assertEquals } from "@std/assert";
import { fileNameOf } from "./file_name.ts";

Deno.test("a file is named after any text, in few enough bytes", () => {
  const names = ["my model: 1", "mlp", "a/b\\..\n", "\ud800", "", "🙂", "Größe-2"];
  assertEquals(names.map(fileNameOf), ["my_model_1", "mlp", "a_b_", "_", "", "_", "Größe-2"]);
  assertEquals(fileNameOf("x".repeat(300)).length, 150);
  assertEquals(fileNameOf(`x${"é".repeat(300)}`), `x${"é".repeat(74)}`);
  assertEquals(fileNameOf("𝒳".repeat(300)), "𝒳".repeat(37));
});
