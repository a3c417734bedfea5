/**
 * A process that uses threads and does not close the backend. A test runs it and waits for its end.
 *
 * @module
 */

import { openWasm } from "../backend.ts";
import { numbers, programOf, runOn, Sketch, storing } from "../testing.ts";

const COUNT = 1 << 20;
const s = new Sketch();
const i = s.variable("i", COUNT);
const [x, y] = [s.slot("f32", COUNT), s.slot("f32", COUNT, "write")];
const program = programOf(s.nest([i], [storing([{ slot: y, index: i, value: s.f32("exp", s.load(x, i)) }])]));
const backend = openWasm({ threads: 3 });
for (let run = 0; run < 3; run++) await runOn(backend, program, [numbers("f32", COUNT), numbers("f32", COUNT)]);
console.log("done");
