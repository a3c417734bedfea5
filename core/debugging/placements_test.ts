import { assertEquals } from "@std/assert";
import { currentBackend } from "../device.ts";
import { beginWatch, endWatch, noteLeft, notePlaced, type Placement } from "./placements.ts";
import "../wasm/default_device.ts";

Deno.test("every watch has the buffers that tensors took since it began and still hold", () => {
  const backend = currentBackend();
  const place = (owner: string): Placement => ({ backend, buffer: { id: 1, bytes: 4 }, owner });
  const [early, first, second] = [place("early"), place("first"), place("second")];
  notePlaced(early);
  const watch = beginWatch();
  notePlaced(first);
  const other = beginWatch();
  notePlaced(second);
  assertEquals([[...watch], [...other]], [[first, second], [second]]);
  noteLeft(early);
  noteLeft(first);
  assertEquals([[...watch], [...other]], [[second], [second]]);
  endWatch(watch);
  notePlaced(first);
  assertEquals([[...watch], [...other]], [[], [second, first]]);
  endWatch(other);
});
