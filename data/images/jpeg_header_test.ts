import { assertEquals, assertThrows } from "@std/assert";
import { isJpeg, jpegHeader, jpegParts } from "./jpeg_header.ts";

const [START, END, SCAN] = [[0xff, 0xd8], [0xff, 0xd9], [0xff, 0xda, 0, 2]];

/** A frame of gray pixels. */
const frame = (width: number, height: number, marker = 0xc0): number[] => [
  ...[0xff, marker, 0, 11, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1],
  ...[1, 0x11, 0],
];

/** A segment with data of an application. */
const application = (...content: number[]): number[] => [0xff, 0xe1, 0, content.length + 2, ...content];

const file = (...parts: readonly number[][]): Uint8Array => Uint8Array.from(parts.flat());

/** A file with more parts before its only scan. */
const fileWith = (...parts: readonly number[][]): Uint8Array => file(START, frame(8, 8), ...parts, SCAN, END);

/** Exif data with one entry. */
const exif = (tag: number, value: number, ...more: number[]): number[] =>
  application(
    ...[0x45, 0x78, 0x69, 0x66, 0, 0],
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, tag >> 8, tag & 0xff, 0, 3, 0, 0, 0, 1, 0, value, 0, 0],
    ...more,
  );

Deno.test("bytes are those of a JPEG file if they start with its marker and another", () => {
  const starts = [[0xff, 0xd8, 0xff], [0xff, 0xd8], [0xff, 0xd8, 0], [0xff, 0xd9, 0xff], [0, 0xd8, 0xff]];
  assertEquals(starts.map((bytes) => isJpeg(Uint8Array.from(bytes))), [true, false, false, false, false]);
});

Deno.test("parts may be long, and an invalid length is passed over", () => {
  const long = [0xff, 0xe1, 1, 44, ...new Array<number>(298).fill(7)];
  const header = jpegHeader(file(START, frame(8, 8)));
  assertEquals(jpegHeader(file(START, long, frame(8, 8))), header);
  assertEquals(jpegParts(fileWith(long)), { ...header!, orientation: 1 });
  assertEquals(jpegHeader(file(START, [0xff, 0xe1, 0, 0], frame(8, 8))), header);
  // What looks like a frame or a scan within a long part is none.
  const pretending = long.toSpliced(200, 4, ...[0xff, 0xc0, 0, 11]).toSpliced(250, 4, ...SCAN);
  assertEquals(jpegParts(fileWith(pretending)), { ...header!, orientation: 1 });
  for (let count = 1; count < 5; count++) {
    const filled = new Array<number>(count).fill(0xff);
    assertEquals(jpegHeader(file(START, filled, frame(8, 8))), header, `${count}`);
    assertEquals(jpegParts(fileWith([0xff, 1, ...filled], [0xff, 0xd0])), { ...header!, orientation: 1 }, `${count}`);
  }
});

Deno.test("pictures without pixels, of other depths, or without a frame before their pixels are refused", () => {
  const rest = new Array<number>(10).fill(0);
  const deep = frame(8, 8).with(4, 12);
  const cases: [readonly number[][], string][] = [
    [[frame(0, 8)], "it has 0×8 pixels"],
    [[frame(8, 0)], "it has 8×0 pixels"],
    [[deep], "it is of a kind that is not supported, 0xc0 with 12 bits"],
    [[SCAN, rest], "it has no size"],
    [[END, rest], "it has no size"],
  ];
  for (const [parts, message] of cases) assertThrows(() => jpegHeader(file(START, ...parts)), RangeError, message);
});

Deno.test("pixels have one, three or four values, and parts begin with markers", () => {
  const headerOf = (channels: number) => jpegHeader(file(START, frame(2, 3).with(9, channels)));
  assertEquals([1, 3, 4].map((channels) => headerOf(channels)?.bytes), [6, 18, 24]);
  for (const channels of [0, 2, 5]) {
    assertThrows(() => headerOf(channels), RangeError, `its pixels have ${channels} values`);
  }
  assertThrows(
    () => jpegHeader(file(START, [7], frame(2, 3))),
    RangeError,
    "its parts do not begin with markers",
  );
});

Deno.test("the size of a picture is read as soon as the fields of its frame are there", () => {
  const header = { width: 300, height: 2, channels: 1, bytes: 600 };
  const start = file(START, application(1, 2, 3), frame(300, 2));
  const fields = start.length - 3;
  assertEquals(jpegHeader(start.subarray(0, fields)), header);
  assertEquals(jpegHeader(start.subarray(0, fields - 1)), undefined);
  assertEquals(jpegHeader(file(START, [0xff], frame(300, 2))), header);
});

Deno.test("frames of kinds that the decoder does not know are refused", () => {
  for (const marker of [0xc3, 0xc5, 0xcf]) {
    const message = `it is of a kind that is not supported, 0x${marker.toString(16)} with 8 bits`;
    assertThrows(() => jpegHeader(file(START, frame(8, 8, marker))), RangeError, message);
  }
  // Tables, which are no frames, may be as long as frames.
  for (const marker of [0xc4, 0xc8, 0xcc, 0xbf, 0xd0]) {
    assertEquals(jpegHeader(file(START, frame(8, 8, marker), frame(1, 2))), jpegHeader(file(START, frame(1, 2))));
  }
});

Deno.test("parts may be empty, and markers may stand alone", () => {
  const expected = jpegParts(fileWith());
  assertEquals(expected, { width: 8, height: 8, channels: 1, bytes: 64, orientation: 1 });
  const alone = [0xd0, 0xd7, 0xd8, 0x01].map((marker) => [0xff, marker, 0, 1]);
  for (const parts of [[application()], [[0xff, 0xff]], [[7, 7, 7]], alone]) {
    assertEquals(jpegParts(fileWith(...parts)), expected);
  }
  assertThrows(() => jpegParts(fileWith([0xff, 0xe1, 0, 1])), RangeError, "a part has 1 bytes");
  assertThrows(() => jpegParts(file(START, frame(8, 8), SCAN, [0xff, 0xe1, 0, 0])), RangeError, "a part has 0 bytes");
});

Deno.test("a file that ends before its end marker is cut short", () => {
  const whole = fileWith(application(1, 2, 3), [0xff, 0xff], application());
  for (let length = 15; length < whole.length; length++) {
    assertThrows(() => jpegParts(whole.subarray(0, length)), RangeError, "it is cut short", `${length}`);
  }
  for (const ending of [[], [0xff], [0xff, 0xe1], [0xff, 0xe1, 0], [0xff, 0xe1, 0, 2], [0xff, 0xe1, 0, 3]]) {
    assertThrows(() => jpegParts(file(START, frame(8, 8), SCAN, ending)), RangeError, "it is cut short", `${ending}`);
  }
});

Deno.test("a file has one frame, and from 1 to 100 scans", () => {
  const scans = (count: number): Uint8Array =>
    file(START, frame(8, 8), Array.from({ length: count }, () => SCAN).flat(), END);
  assertEquals(jpegParts(scans(100)).bytes, 64);
  assertThrows(() => jpegParts(scans(101)), RangeError, "it has 101 scans");
  assertThrows(() => jpegParts(scans(0)), RangeError, "it has 0 scans");
  assertThrows(() => jpegParts(fileWith(frame(8, 8))), RangeError, "it has 2 sizes");
});

Deno.test("a byte holds at most 512 pixels", () => {
  const ofHeight = (height: number): Uint8Array => file(START, frame(512, height), new Array(7).fill(0), SCAN, END);
  assertEquals([ofHeight(28).length, jpegParts(ofHeight(28)).bytes], [28, 512 * 28]);
  assertThrows(() => jpegParts(ofHeight(29)), RangeError, "it is cut short");
});

Deno.test("the orientation is that of the Exif data", () => {
  const of = (...parts: readonly number[][]): number => jpegParts(fileWith(...parts)).orientation;
  assertEquals([1, 2, 6, 8].map((value) => of(exif(0x0112, value))), [1, 2, 6, 8]);
  assertEquals([0, 9].map((value) => of(exif(0x0112, value))), [1, 1]);
  assertEquals(of(exif(0x0111, 6)), 1);
  // Behind the entries there may be anything, even what looks like another one.
  assertEquals(of(exif(0x0111, 6, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0)), 1);
  assertEquals(of(application(0x45, 0x78, 0x69, 0x66, 0, 0)), 1);
  // The entry may be any of them, and there may be fewer than the data say.
  const start = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
  const entry = (tag: number, value: number) => [1, tag, 0, 3, 0, 0, 0, 1, 0, value, 0, 0];
  assertEquals(of(application(...start, 0, 2, ...entry(0x11, 3), ...entry(0x12, 6))), 6);
  assertEquals(of(application(...start, 0, 9, ...entry(0x11, 3), 1, 0x12, 0)), 1);
  assertEquals(of(application(0x45, 0x78, 0x69, 0x66)), 1);
});
