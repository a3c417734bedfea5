import { assertEquals } from "@std/assert";
import { callOf, ownCall } from "./own_call.ts";

Deno.test("a call names the program by its path from the current folder, quoted if a shell needs it", () => {
  const program = "file:///home/me/yadll/examples/mnist.ts";
  assertEquals(callOf(program, "/home/me/yadll"), "deno run -A examples/mnist.ts");
  assertEquals(callOf(program, "/home/me/runs"), "deno run -A ../yadll/examples/mnist.ts");
  assertEquals(callOf(program, undefined), "deno run -A /home/me/yadll/examples/mnist.ts");
  assertEquals(callOf("file:///home/my%20nets/a.ts", "/home"), "deno run -A 'my nets/a.ts'");
  assertEquals(callOf("https://jsr.io/@yadll/yadll/0.1.0/cli/mod.ts", "/home"), "deno run -A jsr:@yadll/yadll/cli");
});

Deno.test("the running program is named by its path from the current folder", () => {
  assertEquals(ownCall(), callOf(Deno.mainModule, Deno.cwd()));
});
