import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { FileError } from "../../model/files/errors.ts";
import { crc32c } from "./crc32c.ts";
import { scalarValue, textValue, valuesEvent } from "./event_file.ts";
import { messageField, textField, wholeField } from "./protobuf.ts";
import { tensorBoardWriter } from "./tensor_board.ts";
import { fieldsOf, recordsOf, someEvents } from "./testing.ts";

const text = new TextDecoder();

Deno.test("checksums are those of RFC 3720", () => {
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assertEquals(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
});

Deno.test("messages have the bytes of the documentation's examples", () => {
  assertEquals(wholeField(1, 150).toHex(), "089601");
  assertEquals(textField(2, "testing").toHex(), "120774657374696e67");
  assertEquals(messageField(3, wholeField(1, 150)).toHex(), "1a03089601");
  assertEquals(wholeField(2, 2 ** 40).toHex(), "10808080808020");
  assertEquals([wholeField(1, 127).toHex(), wholeField(1, 128).toHex()], ["087f", "088001"]);
});

Deno.test("texts and numbers have the bytes of TensorFlow's Summary.Value and Event", () => {
  const hex = (words: string): string => new TextEncoder().encode(words).toHex();
  // tag = 1; tensor = 8 { dtype = 1: DT_STRING, shape = 2 { dim = 2 { size = 1: 1 } }, string_val = 8 };
  // metadata = 9 { plugin_data = 1 { plugin_name = 1 } }
  const tensor = `420f08071204120208014205${hex("hello")}`;
  const value = `0a20` + `0a03${hex("tag")}${tensor}4a080a060a04${hex("text")}`;
  assertEquals(textValue("tag", "hello").toHex(), value);
  // simple_value = 2, a float in four bytes
  const number = `0a0a0a03${hex("tag")}150000c03f`;
  assertEquals(scalarValue("tag", 1.5).toHex(), number);
  // wall_time = 1, a double; step = 2; summary = 5
  assertEquals(
    valuesEvent({ seconds: 1.5, step: 3 }, [scalarValue("tag", 1.5)]).toHex(),
    `09000000000000f83f10032a0c${number}`,
  );
});

/** The number and the fields of each value of a record. */
function valuesOf(record: Uint8Array): { step: unknown; values: Map<string, Map<number, unknown>> } {
  const fields = new Map(fieldsOf(record));
  const values = fieldsOf(fields.get(5) as Uint8Array).map(([, value]) => {
    const inner = new Map(fieldsOf(value as Uint8Array));
    return [text.decode(inner.get(1) as Uint8Array), inner] as const;
  });
  return { step: fields.get(2), values: new Map(values) };
}

Deno.test("an independent reader finds the events in an event file", async () => {
  const folder = await Deno.makeTempDir();
  using writer = tensorBoardWriter(`${folder}/new/run`, { now: () => 1_700_000_000_500 });
  assertMatch(writer.file, /new.run.events\.out\.tfevents\.1700000000\.[-\w]+\.yadll$/);
  someEvents.forEach(writer.write);
  const file = await Deno.readFile(writer.file);
  // The length of the first record and its checksum, the same for all event files.
  assertEquals(file.subarray(0, 12).toHex(), "1800000000000000a37f4b22");
  const [head, ...records] = recordsOf(file);
  assertEquals(fieldsOf(head)[0], [1, 1_700_000_000.5]);
  assertEquals(text.decode(fieldsOf(head)[1][1] as Uint8Array), "brain.Event:2");
  const found = records.map(valuesOf);
  assertEquals(found.map(({ step }) => step), [0, 2, 4, 4, 4]);
  const scalars = found.map(({ values }) => [...values].map(([tag, fields]) => [tag, fields.get(2)]));
  assertEquals(scalars[1], [["pretraining/RBM 1", 80.5]]);
  assertEquals(scalars[2], [["loss/training", 0.5], ["loss/validation", 0.75], ["error/validation", 12.5]]);
  assertEquals(scalars[3], [["error/training", 10], ["speed/samples per second", 100], ["epoch", 1]]);
  const tensor = fieldsOf(found[4].values.get("run/hyperparameters")!.get(8) as Uint8Array);
  assertEquals(tensor.map(([number]) => number), [1, 2, 8]);
  assertEquals(text.decode(tensor[2][1] as Uint8Array), "| | |\n|-|-|\n| learningRate | 0.1 |");
  const start = fieldsOf(found[0].values.get("run/start")!.get(8) as Uint8Array);
  assert(text.decode(start[2][1] as Uint8Array).includes("| model | m \\| n |"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("metrics have a group each, with training, validation and test", async () => {
  const folder = await Deno.makeTempDir();
  {
    using writer = tensorBoardWriter(folder);
    for (const event of someEvents) {
      if (event.event === "validation") writer.write({ ...event, metrics: { f1: 0.75, auc: NaN } });
      if (event.event === "epoch") {
        writer.write({ ...event, metrics: { training: { f1: 0.5 }, validation: { f1: 0.75 } } });
      }
      if (event.event === "end") {
        writer.write({ ...event, report: { ...event.report, metrics: { validation: null, test: { f1: 0.25 } } } });
      }
    }
    const found = recordsOf(Deno.readFileSync(writer.file)).slice(1).flatMap((record) => [...valuesOf(record).values]);
    const scalars = found.map(([tag, fields]) => [tag, fields.get(2)]).filter(([tag]) => String(tag).includes("f1"));
    assertEquals(scalars, [["f1/validation", 0.75], ["f1/training", 0.5], ["f1/test", 0.25]]);
    assert(!found.some(([tag]) => tag.includes("auc")));
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the scale of a reduced learning rate is a value", async () => {
  const folder = await Deno.makeTempDir();
  {
    using writer = tensorBoardWriter(folder);
    const where = { epoch: 3, batch: 4, batches: 4, iteration: 12 };
    writer.write({ event: "rateReduced", ...where, scale: 0.25, learningRate: 0.1 });
    const [, record] = recordsOf(Deno.readFileSync(writer.file));
    const { step, values } = valuesOf(record);
    assertEquals([step, [...values].map(([tag, fields]) => [tag, fields.get(2)])], [12, [[
      "learning rate/scale",
      0.25,
    ]]]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("each event is in the file as soon as it is written, and a truncated file is read up to its end", async () => {
  const folder = await Deno.makeTempDir();
  const writer = tensorBoardWriter(folder);
  const counts = someEvents.map((event) => {
    writer.write(event);
    return recordsOf(Deno.readFileSync(writer.file)).length;
  });
  assertEquals(counts, [2, 3, 3, 4, 4, 5, 6]);
  const whole = Deno.readFileSync(writer.file);
  assertEquals(recordsOf(whole.subarray(0, -1)).length, 5);
  writer.close();
  writer.close();
  assertThrows(() => writer.write(someEvents[0]), FileError, "it was closed");
  writer.write(someEvents[2]); // of which the file holds nothing
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a folder that cannot be created is reported", async () => {
  const file = await Deno.makeTempFile();
  assertThrows(() => tensorBoardWriter(`${file}/run`), FileError, `Cannot write ${file}/run`);
  await Deno.remove(file);
});
