import { assertEquals } from "@std/assert";
import { networks } from "../../examples/networks.ts";
import { resumingCall } from "./resuming_call.ts";

const program = { call: "yadll", examples: networks };
const call = (...args: string[]) => resumingCall({ program, args }, { file: "a.ym" });

Deno.test("the call that resumes is the same, with the file", () => {
  assertEquals(call("mlp", "--epochs", "5"), "yadll mlp --epochs 5 --resume=a.ym");
});

Deno.test("an earlier --resume is left out", () => {
  assertEquals(call("mlp", "--resume", "b.ym", "--json"), "yadll mlp --json --resume=a.ym");
  assertEquals(call("mlp", "--resume=b.ym"), "yadll mlp --resume=a.ym");
  assertEquals(call("--resume", "mlp"), "yadll mlp --resume=a.ym");
});

Deno.test("a name after --resume under which nothing is saved is left out, and the network stays", () => {
  assertEquals(call("mlp", "--out", "run", "--resume", "run"), "yadll mlp --out run --resume=a.ym");
  assertEquals(call("--out", "run", "--resume", "mlp"), "yadll --out run mlp --resume=a.ym");
});

Deno.test("the run folder is named unless the file is in it, or it is named already", () => {
  const inRun = (file: string, ...args: string[]) => resumingCall({ program, args }, { file, out: "run" });
  assertEquals(inRun("a.ym", "--resume", "./run"), "yadll --out=run --resume=a.ym");
  assertEquals(inRun("run/model.ym", "--resume=run"), "yadll --resume=run/model.ym");
  assertEquals(inRun("a.ym", "mlp", "--out", "run"), "yadll mlp --out run --resume=a.ym");
});

Deno.test("arguments that a shell would split are quoted", () => {
  assertEquals(call("mlp", "--data", "my data"), "yadll mlp --data 'my data' --resume=a.ym");
  assertEquals(call("it's"), "yadll 'it'\\''s' --resume=a.ym");
});
