import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { encodeSafetensors, type TensorEntries } from "../../model/files/safetensors.ts";
import { runDirectory } from "./run.ts";

const f32 = (
  values: number[],
  shape = [values.length],
) => ({ dtype: "f32", shape, values: Float32Array.from(values) } as const);
const i32 = (values: number[]) => ({ dtype: "i32", shape: [values.length], values: Int32Array.from(values) } as const);

const sum = { op: "Add", attributes: {}, inputs: ["a", "b"], outputs: ["c"] };
const right = { a: f32([1, 2]), b: f32([3, 4]), c: f32([4, 6]) };

async function writeCase(directory: string, name: string, fields: unknown, tensors: TensorEntries): Promise<void> {
  const folder = join(directory, name);
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "case.json"), JSON.stringify(fields));
  await Deno.writeFile(join(folder, "case.safetensors"), await new Blob(encodeSafetensors(tensors)).bytes());
}

/** The output line of a case. */
async function lineOf(fields: Record<string, unknown>, tensors: TensorEntries): Promise<string> {
  const directory = await Deno.makeTempDir();
  try {
    await writeCase(directory, "one", { name: "one", ...fields }, tensors);
    const lines: string[] = [];
    await runDirectory(directory, (line) => lines.push(line));
    return lines[0];
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const closed = { sanitizeOps: false, sanitizeResources: false };

Deno.test("a correct case is ok", closed, async () => {
  assertEquals(await lineOf(sum, right), "ok   one  0.0e+0");
});

Deno.test("a wrong number fails and is reported", closed, async () => {
  const line = await lineOf(sum, { ...right, c: f32([4, 7]) });
  assertEquals(line, "FAIL one  1.0e+0  c: expected 7 at element 1, got 6");
});

Deno.test("the tolerance of a case counts, relative and absolute", closed, async () => {
  const tensors = { ...right, c: f32([4, 6.01]) };
  assertMatch(await lineOf(sum, tensors), /^FAIL/);
  assertMatch(await lineOf({ ...sum, rtol: 2e-3 }, tensors), /^ok/);
  assertMatch(await lineOf({ ...sum, atol: 2e-2 }, tensors), /^ok/);
});

Deno.test("a wrong shape fails", closed, async () => {
  const line = await lineOf(sum, { ...right, c: f32([4, 6], [2, 1]) });
  assertStringIncludes(line, "FAIL one  c: expected shape [2, 1], got [2]");
});

Deno.test("a wrong kind of elements fails", closed, async () => {
  assertStringIncludes(await lineOf(sum, { ...right, c: i32([4, 6]) }), "FAIL one  c: expected integers, got floats");
});

Deno.test("NaN equals NaN, and infinities equal only themselves", closed, async () => {
  const [a, b] = [f32([NaN, Infinity, Infinity]), f32([0, 0, 0])];
  assertMatch(await lineOf(sum, { a, b, c: f32([NaN, Infinity, Infinity]) }), /^ok/);
  assertMatch(await lineOf(sum, { a, b, c: f32([NaN, Infinity, -Infinity]) }), /^FAIL/);
  assertMatch(await lineOf(sum, { a, b, c: f32([0, Infinity, Infinity]) }), /^FAIL/);
});

Deno.test("an unknown operator is skipped by name", closed, async () => {
  assertEquals(await lineOf({ ...sum, op: "toString" }, right), "skip one  operator toString");
});

Deno.test("shapes that do not fit fail", closed, async () => {
  assertStringIncludes(await lineOf(sum, { ...right, a: f32([1, 2, 3]) }), "FAIL one  Cannot add [3] and [2]");
});

Deno.test("a tensor that is missing fails", closed, async () => {
  assertMatch(await lineOf({ ...sum, inputs: ["a", "d"] }, right), /FAIL.*"inputs".*"d"/);
});

Deno.test("an attribute of another kind fails", closed, async () => {
  const fields = { op: "Softmax", attributes: { axis: "last" }, inputs: ["a"], outputs: ["c"] };
  assertStringIncludes(
    await lineOf(fields, right),
    'FAIL one  Cannot use attribute axis: expected a number, got "last"',
  );
});

Deno.test("an output without a name is not compared", closed, async () => {
  const fields = { op: "MaxPool", attributes: { kernel_shape: [2] }, inputs: ["x"], outputs: ["", "at"] };
  const at = { dtype: "i32", shape: [1, 1, 2], values: Int32Array.of(1, 1) } as const;
  assertMatch(await lineOf(fields, { x: f32([1, 5, 2], [1, 1, 3]), at }), /^ok/);
});

Deno.test("a program run with a failing case ends with code 1, and with 0 without one", closed, async () => {
  const directory = await Deno.makeTempDir();
  const run = async (): Promise<[number, string]> => {
    const args = ["run", "-A", fromFileUrl(new URL("./run.ts", import.meta.url)), directory, "--device", "wasm"];
    const { code, stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    return [code, new TextDecoder().decode(stdout)];
  };
  try {
    await writeCase(directory, "a", { name: "a", ...sum }, right);
    await writeCase(directory, "b", { name: "b", ...sum, op: "Nothing" }, right);
    assertEquals(await run(), [0, "ok   a  0.0e+0\nskip b  operator Nothing\ntotal 2: 1 ok, 0 FAIL, 1 skip\n"]);
    await writeCase(directory, "c", { name: "c", ...sum }, { ...right, c: f32([0, 0]) });
    const [code, output] = await run();
    assertEquals(code, 1);
    assertStringIncludes(output, "FAIL c  6.0e+0  c: expected 0 at element 0, got 4\n");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
