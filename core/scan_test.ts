import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "./creation.ts";
import { scan } from "./scan.ts";
import type { Tensor } from "./tensor.ts";

Deno.test("a loop without inputs needs its length, and inputs of several lengths are refused with all of them", async () => {
  const double = (total: Tensor): [Tensor, Tensor[]] => [total.mul(2), []];
  const message = "Cannot scan without inputs: expected one length, of tensors to loop over or as option length";
  for (const nothing of [[], {}, undefined, null]) {
    assertThrows(() => scan(double, tensor(1), nothing), TypeError, message);
    assertEquals(await scan(double, tensor(1), nothing, { length: 3 })[0].item(), 8);
  }
  const inputs = [tensor([1, 2]), tensor([1, 2, 3])];
  assertThrows(() => scan(double, tensor(1), inputs), TypeError, "over inputs of lengths 2, 3: expected one length");
  assertThrows(
    () => scan(double, tensor(1), inputs[0], { length: 5 }),
    TypeError,
    "of lengths 2 and length 5: expected",
  );
  assertThrows(() => scan(double, tensor(1), tensor(1)), TypeError, "of lengths none (a scalar): expected one length");
});
