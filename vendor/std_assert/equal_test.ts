import { assert, assertEquals, assertFalse, assertThrows, equal } from "@std/assert";

Deno.test("arrays are equal if their elements are, where NaN equals NaN and 0 equals -0", () => {
  const kinds: Readonly<Record<string, (...elements: number[]) => unknown>> = {
    singles: (...elements) => Float32Array.from(elements),
    doubles: (...elements) => Float64Array.from(elements),
    lists: (...elements) => elements,
  };
  for (const [name, of] of Object.entries(kinds)) {
    assert(equal(of(1, NaN, 0), of(1, NaN, -0)), name);
    assertFalse(equal(of(1, NaN, 0), of(1, NaN, 2)), name);
    assertFalse(equal(of(1, NaN, 0), of(2, NaN, 0)), name);
    assertFalse(equal(of(1, NaN, 0), of(1, NaN)), name);
    assertFalse(equal(of(1, NaN), of(1, NaN, 0)), name);
    assert(equal(of(), of()), name);
  }
  assert(equal(BigInt64Array.of(1n, 2n), BigInt64Array.of(1n, 2n)));
  assertFalse(equal(BigInt64Array.of(1n, 2n), BigInt64Array.of(1n, 3n)));
});

Deno.test("arrays of different kinds are not equal", () => {
  assertFalse(equal(Float32Array.of(1), Float64Array.of(1)));
  assertFalse(equal(Float32Array.of(1), [1]));
  assertFalse(equal(Int32Array.of(1), Uint32Array.of(1)));
});

Deno.test("holes, undefined, named properties and elements of elements count", () => {
  // deno-lint-ignore no-sparse-arrays
  const hole = [1, , 3];
  assertFalse(equal(hole, [1, undefined, 3]));
  assertFalse(equal([1, undefined, 3], hole));
  assert(equal([undefined], [undefined]));
  const named = Object.assign([1, 2], { name: "x" });
  assertFalse(equal(named, [1, 2]));
  assertFalse(equal([1, 2], named));
  assert(equal(named, Object.assign([1, 2], { name: "x" })));
  assertFalse(equal(named, Object.assign([1, 2], { name: "y" })));
  assert(equal([[1, { a: [2] }]], [[1, { a: [2] }]]));
  assertFalse(equal([[1, { a: [2] }]], [[1, { a: [3] }]]));
});

Deno.test("lists that contain themselves can be compared", () => {
  const cyclic = (last: number): unknown[] => {
    const list: unknown[] = [1];
    list.push(list, last);
    return list;
  };
  assert(equal(cyclic(2), cyclic(2)));
  assertFalse(equal(cyclic(2), cyclic(3)));
  assertThrows(() => assertEquals(cyclic(2), cyclic(3)), Error, "Values are not equal");
});
