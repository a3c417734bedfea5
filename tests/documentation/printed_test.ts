import { assert, assertFalse } from "@std/assert";
import { isPrinted } from "./printed.ts";

const log = `epoch 1, error 30.5 %
epoch 2, error 20 %
epoch 3, error 10 %

took 1.25 s, 5,461 samples/s on 2 threads
`;

Deno.test("what a program printed is shown if everything is equal except for times, speeds and threads", () => {
  assert(isPrinted(log, log));
  assert(isPrinted(log, log.replace("1.25 s", "12 s").replace("5,461", "98").replace("2 threads", "1 thread")));
  assert(isPrinted("on SIMD, 2 threads\n", "on SIMD with AVX-512 products, 4 threads\n"));
  assert(isPrinted(log, `\n${log}\n`));
  assertFalse(isPrinted(log, log.replace("30.5", "30.6")));
  assertFalse(isPrinted(log, log.replace("took", "takes")));
  assertFalse(isPrinted(log, `${log}epoch 4, error 5 %\n`));
  assertFalse(isPrinted("", log));
});

Deno.test("an ellipsis stands for any lines, or for the rest of a line", () => {
  assert(isPrinted("epoch 1, error 30.5 %\n…\n\ntook 3 s, 5 samples/s on 4 threads", log));
  assert(isPrinted("epoch 1, …\nepoch 2, …\nepoch 3, error 10 %\n\ntook …", log));
  assertFalse(isPrinted("epoch 1, error 30.5 %\n…\n\ntook 3 s", log));
  assertFalse(isPrinted("epoch 2, error 20 %\n…", log));
  assertFalse(isPrinted("epoch 1, …\nepoch 3, …\n…", log));
});
