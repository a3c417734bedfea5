import { assert, assertEquals } from "@std/assert";
import { data, digitsLoader } from "../data/mod.ts";
import { draw, fineTune, untrainedModel } from "./dbn_filters.ts";

Deno.test("a deep belief network is pre-trained, fine-tuned and drawn", async () => {
  const digits = data(digitsLoader({ sizes: [200, 50, 50] }), { name: "digits" });
  const untrained = untrainedModel(digits, { nUnits: 30, pretraining: 1, epochs: 2 });
  const pretrained = await untrained.pretrain();
  const report = await fineTune(pretrained);
  assertEquals([report.epochs, report.data], [2, "digits"]);
  const png = await draw(pretrained);
  // 30 filters in two rows and three rows of 20 digits, 28 pixels and a gap each, at double size.
  const size = new DataView(png.buffer, png.byteOffset);
  assertEquals([size.getUint32(16), size.getUint32(20)], [2 * (20 * 29 + 1), 2 * (2 * 29 + 1) + 3 * 2 * (29 + 1)]);
  assert(png.length > 10_000);
});
