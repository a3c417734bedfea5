import { assertRejects, assertThrows } from "@std/assert";
import { conv2d, ones, tensor } from "../core/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { model, network } from "../model/mod.ts";
import { adam } from "../optim/mod.ts";

Deno.test("a misspelled option is refused with the nearest name, wherever it is given", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const call = (f: (...args: never[]) => unknown, ...args: unknown[]) => Reflect.apply(f, undefined, args);
  const refuse = (f: () => unknown, message: string) => assertThrows(f, RangeError, message);
  refuse(
    () => call(denseLayer, input, { nUnits: 2, activaton: "relu" }),
    'Cannot make DenseLayer: unknown option "activaton"; did you mean activation?',
  );
  refuse(
    () => call(conv2d, ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { stride: [2, 2] }),
    'Cannot convolve: unknown option "stride"; did you mean strides?',
  );
  refuse(
    () => call((options: never) => tensor([1]).sum(options), { axes: 0 }),
    'Cannot take the sum: unknown option "axes"; did you mean axis?',
  );
  refuse(() => call(adam, { learningrate: 1 }), 'unknown option "learningrate"; did you mean learningRate?');
  const untrained = model({ network: network("net", [input]) });
  const train = (options: object) => call((given: never) => untrained.train(given), options);
  await assertRejects(
    () => Promise.resolve(train({ sed: 1 })),
    RangeError,
    'Cannot train: unknown option "sed"; did you mean seed?',
  );
});
