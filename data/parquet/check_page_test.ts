import { assertEquals, assertThrows } from "@std/assert";
import { type CheckedPage, checkPage } from "./check_page.ts";
import type { PageHeader } from "./page_header.ts";

const header: PageHeader = {
  ...{ kind: "values", unpacked: 0, packed: 0, count: 10, encoding: "plain" },
  ...{ missing: 0, missingBytes: 0, isPacked: true },
};

function page(content: number[], given: Partial<PageHeader> & Partial<Omit<CheckedPage, "header">> = {}): CheckedPage {
  const { levels = new Uint8Array(0), isOptional = false, isBoolean = false, ...others } = given;
  return { header: { ...header, ...others }, content: Uint8Array.from(content), levels, isOptional, isBoolean };
}

Deno.test("missing values are counted in runs and in packed values", () => {
  const isOptional = true;
  // Ten present values; three present and seven missing ones; packed bits 0b1010_1010 and 0b11 of ten.
  assertEquals(checkPage(page([2, 0, 0, 0, 20, 1], { isOptional })), 0);
  assertEquals(checkPage(page([4, 0, 0, 0, 6, 1, 14, 0], { isOptional })), 7);
  assertEquals(checkPage(page([3, 0, 0, 0, 5, 0b10101010, 0b11], { isOptional })), 4);
  const levels = Uint8Array.of(6, 1, 14, 0);
  assertEquals(checkPage(page([], { kind: "values 2", missing: 7, levels, isOptional })), 7);
  assertThrows(
    () => checkPage(page([], { kind: "values 2", missing: 6, levels, isOptional })),
    RangeError,
    "promises 6",
  );
});

Deno.test("runs that are longer than a page are refused", () => {
  const long = [254, 255, 255, 255, 15]; // 2³¹ − 1 equal values
  const message = "a page has a run of 2147483647 values where 10 are left";
  assertThrows(() => checkPage(page([6, 0, 0, 0, ...long, 1], { isOptional: true })), RangeError, message);
  assertThrows(() => checkPage(page([3, ...long, 1], { encoding: "dictionary" })), RangeError, message);
  assertThrows(
    () => checkPage(page([6, 0, 0, 0, ...long, 1], { encoding: "runs", isBoolean: true })),
    RangeError,
    message,
  );
  const packed = [255, 255, 255, 255, 15];
  assertThrows(() => checkPage(page([0, ...packed], { encoding: "dictionary" })), RangeError, "a page has a run of");
  assertEquals(checkPage(page([3, 20, 1], { encoding: "dictionary" })), 0);
  assertEquals(checkPage(page([0], { encoding: "dictionary" })), 0);
});

Deno.test("dictionaries and blocks of differences have sizes within bounds", () => {
  assertThrows(() => checkPage(page([1, 2], { kind: "dictionary", count: 3 })), RangeError, "of 2 bytes has 3 entries");
  const blocks = [128, 1, 255, 255, 255, 255, 7];
  assertThrows(() => checkPage(page(blocks, { encoding: "differences" })), RangeError, "blocks of 128 values");
  assertThrows(() => checkPage(page([33, 20, 1], { encoding: "dictionary" })), RangeError, "positions of 33 bits");
  assertEquals(checkPage(page([1, 2, 3], { kind: "dictionary", count: 3 })), 0);
  assertEquals(checkPage(page([128, 128, 4, 128, 8], { encoding: "differences" })), 0);
  assertThrows(() => checkPage(page([129, 128, 4, 4], { encoding: "differences" })), RangeError, "blocks of 65537");
  assertThrows(() => checkPage(page([4, 129, 8], { encoding: "differences" })), RangeError, "blocks of 4 values");
  assertEquals(checkPage(page([32, 20, 1, 0, 0, 0], { encoding: "dictionary" })), 0);
});

Deno.test("a page without values may be empty", () => {
  const count = 0;
  for (const encoding of ["plain", "dictionary", "runs", "differences", "lengths"] as const) {
    assertEquals(checkPage(page([], { encoding, count, isBoolean: true })), 0, encoding);
  }
  assertEquals(checkPage(page([0, 0, 0, 0], { count, isOptional: true })), 0);
});

Deno.test("a page without the values that it promises is cut short", () => {
  assertThrows(() => checkPage(page([], { encoding: "dictionary" })), RangeError, "a page is cut short");
  const boolean = page([2, 0, 0, 0, 20, 1, 0], { encoding: "runs", isBoolean: true, isOptional: true });
  assertThrows(() => checkPage(boolean), RangeError, "a page is cut short");
});

Deno.test("lists of runs end where their values do", () => {
  const isOptional = true;
  const cases: [number[], string][] = [
    [[1, 0, 0, 0, 20], "a page is cut short"],
    [[2, 0, 0, 0, 5, 0b1], "a page is cut short"],
    [[0, 0, 0], "a page is cut short"],
    [[6, 0, 0, 0, 128, 128, 128, 128, 128, 1], "it has a number of too many bytes"],
  ];
  for (const [content, message] of cases) {
    assertThrows(() => checkPage(page(content, { isOptional })), RangeError, message, `${content}`);
  }
  const second = page([4, 0, 0, 0, 12, 1, 12, 1], { isOptional });
  assertThrows(() => checkPage(second), RangeError, "a page has a run of 6 values where 4 are left");
  assertEquals(checkPage(page([4, 0, 0, 0, 8, 1, 3, 255], { isOptional })), 0);
  // The bits behind the last value do not count.
  assertEquals(checkPage(page([3, 0, 0, 0, 5, 255, 255], { isOptional })), 0);
  assertEquals(checkPage(page([3, 0, 0, 0, 5, 255, 0b11111100], { isOptional })), 2);
  assertEquals(checkPage(page([2, 0, 0, 0, 3, 255], { isOptional, count: 8 })), 0);
});

Deno.test("values of any number of bits take whole bytes in runs, and that many bits when they are packed", () => {
  const isWrong = (content: number[]): void => {
    assertThrows(() => checkPage(page(content, { encoding: "dictionary" })), RangeError, "a run of 20 values where 6");
  };
  // A run of four values, which are bytes that would be too long a run, then such a run.
  for (const [width, bytes] of [[2, 1], [7, 1], [8, 1], [9, 2], [16, 2], [17, 3], [32, 4]]) {
    const value = new Array(bytes).fill(44);
    isWrong([width, 8, ...value, 40]);
    assertEquals(checkPage(page([width, 8, ...value, 12, ...value], { encoding: "dictionary" })), 0, `${width}`);
  }
  for (const width of [2, 3, 9]) {
    const packed = new Array(width).fill(44);
    assertEquals(checkPage(page([width, 3, ...packed, 4], { encoding: "dictionary" })), 0);
    assertThrows(
      () => checkPage(page([width, 3, ...packed, 6], { encoding: "dictionary" })),
      RangeError,
      "a page has a run of 3 values where 2 are left",
    );
  }
});

Deno.test("packed values may fill up eight, and no more", () => {
  const encoding = "dictionary";
  assertEquals(checkPage(page([2, 3, 0, 0, 3, 0, 0], { encoding })), 0);
  assertThrows(() => checkPage(page([2, 3, 0, 0, 5], { encoding })), RangeError, "a run of 16 values where 2 are left");
  assertThrows(() => checkPage(page([2, 5, 0, 0, 0, 0], { encoding, count: 8 })), RangeError, "a run of 16 values");
  assertEquals(checkPage(page([2, 5, 0, 0, 0, 0], { encoding, count: 9 })), 0);
  const many = [1, 19, ...new Array(9).fill(0)];
  assertThrows(
    () => checkPage(page(many, { encoding, count: 64 })),
    RangeError,
    "a run of 72 values where 64 are left",
  );
  // Sixteen values of three bits, and then four.
  const sixteen = [3, 5, 44, 44, 44, 44, 44, 44];
  assertEquals(checkPage(page([...sixteen, 8, 0], { encoding, count: 20 })), 0);
  assertThrows(
    () => checkPage(page([...sixteen, 10, 0], { encoding, count: 20 })),
    RangeError,
    "a run of 5 values where 4 are left",
  );
});

Deno.test("a page has as many values as are not missing", () => {
  const given = { isOptional: true, encoding: "dictionary" } as const;
  const missing = [4, 0, 0, 0, 6, 1, 14, 0];
  assertEquals(checkPage(page([...missing, 2, 6, 0], given)), 7);
  assertThrows(() => checkPage(page([...missing, 2, 8, 0], given)), RangeError, "a run of 4 values where 3 are left");
});

Deno.test("values begin where the list of missing values says that it ends", () => {
  const isOptional = true;
  const encoding = "dictionary";
  for (const list of [[20, 1], [20, 1, 255]]) {
    const content = [list.length, 0, 0, 0, ...list];
    assertThrows(
      () => checkPage(page([...content, 33], { isOptional, encoding })),
      RangeError,
      "a page has positions of 33 bits",
    );
    assertThrows(() => checkPage(page([content[0] + 1, ...content.slice(1)], { isOptional })), RangeError, "cut short");
  }
  const second = page([33], { kind: "values 2", missing: 0, levels: Uint8Array.of(20, 1), isOptional, encoding });
  assertThrows(() => checkPage(second), RangeError, "a page has positions of 33 bits");
  const surplus = page([], { kind: "values 2", levels: Uint8Array.of(20, 1) });
  assertThrows(() => checkPage(surplus), RangeError, "a page has missing values that it cannot have");
  assertEquals(checkPage(page([], { kind: "values 2" })), 0);
});

Deno.test("runs of true and false have a byte for their value behind their length", () => {
  const booleans = { encoding: "runs", isBoolean: true } as const;
  assertEquals(checkPage(page([2, 0, 0, 0, 20, 1], booleans)), 0);
  assertThrows(() => checkPage(page([1, 0, 0, 0, 20], booleans)), RangeError, "a page is cut short");
  assertThrows(() => checkPage(page([2, 0, 0, 0, 22, 1], booleans)), RangeError, "a page has a run of 11 values");
  assertThrows(
    () => checkPage(page([2, 0, 0, 0, 20, 1], { encoding: "runs" })),
    RangeError,
    "a page has runs of other values than true and false",
  );
});

Deno.test("blocks of differences are checked if there is one value, and values without bits may have runs", () => {
  for (const encoding of ["differences", "lengths"] as const) {
    assertThrows(() => checkPage(page([129, 128, 4, 4], { encoding, count: 1 })), RangeError, "blocks of 65537");
  }
  const encoding = "dictionary";
  assertEquals(checkPage(page([0, 20], { encoding })), 0);
  assertThrows(() => checkPage(page([0, 22], { encoding })), RangeError, "a run of 11 values where 10 are left");
  assertEquals(checkPage(page([0, 3, 4], { encoding })), 0);
  assertThrows(() => checkPage(page([0, 3, 6], { encoding })), RangeError, "a run of 3 values where 2 are left");
});
