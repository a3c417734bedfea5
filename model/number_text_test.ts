import { assertEquals } from "@std/assert";
import { decimalsText, numberText, secondsText, speedText, wholeSecondsText } from "./number_text.ts";

Deno.test("numbers have four significant digits, however small or large they are", () => {
  const values = [0.37621, 80.5, 0.00012344, 1.03e-7, 1.2346e-12, 0, -0.5, 999.95, 9999.4, 9999.6, 12345.6, 1234567];
  assertEquals(values.map(numberText), [
    ...["0.3762", "80.50", "0.0001234", "1.03e-7", "1.235e-12", "0", "-0.5000", "1000", "9999", "10000", "12346"],
    "1.235e+6",
  ]);
  assertEquals([NaN, Infinity].map(numberText), ["NaN", "Infinity"]);
});

Deno.test("a million, a ten-thousandth and a minute are where other notations begin", () => {
  assertEquals([1e6, 999999, 0.0001, 0.00009999].map(numberText), ["1e+6", "999999", "0.0001000", "9.999e-5"]);
  assertEquals([1e6, 999999].map((value) => decimalsText(value, 2)), ["1e+6", "999999.00"]);
  assertEquals([59.95, 59.949].map(secondsText), ["01 m 00 s", "59.9 s"]);
});

Deno.test("decimals are as many as requested, unless they would hide a small number", () => {
  const values = [1.36, 0.25, 12.34567, 0.07, 0.0625, 1.03e-7, 0, 100, -0.0001, 2e6];
  assertEquals(values.map((value) => decimalsText(value, 3)), [
    ...["1.360", "0.250", "12.346", "0.070", "0.06250", "1.03e-7", "0", "100.000", "-0.0001000", "2e+6"],
  ]);
  assertEquals([80.5, 0.37621, 0.012345].map((value) => decimalsText(value, 4)), ["80.5000", "0.3762", "0.01235"]);
  assertEquals([NaN, Infinity].map((value) => decimalsText(value, 3)), ["NaN", "Infinity"]);
});

Deno.test("times have three significant digits, and minutes from a minute on", () => {
  const times = [8.712, 0.00031415, 0, 59.94, 59.96, 98.4];
  assertEquals(times.map(secondsText), ["8.71 s", "0.000314 s", "0 s", "59.9 s", "01 m 00 s", "01 m 38 s"]);
  assertEquals([0.2, 1].map(secondsText), ["0.200 s", "1.00 s"]);
  assertEquals([-1, 0.2, 59.4, 59.6].map(wholeSecondsText), ["0 s", "0 s", "59 s", "01 m 00 s"]);
  assertEquals(speedText(4616.4), "4,616 samples/s");
});

Deno.test("whole numbers of four digits begin at half a digit below, and negative numbers are alike", () => {
  const values = [9999.5, 9999.49, -9999.5, -12345.6, -1234567, -0.00001, -0];
  assertEquals(values.map(numberText), ["10000", "9999", "-10000", "-12346", "-1.235e+6", "-1e-5", "0"]);
  assertEquals([5000, 99995, 5001.5].map(numberText), ["5000", "99995", "5002"]);
  assertEquals([-2e6, -12.34567, -0.01234567].map((one) => decimalsText(one, 2)), ["-2e+6", "-12.35", "-0.01235"]);
});

Deno.test("decimals stay where they have four digits, or are the number", () => {
  assertEquals([10, 9.9999, 1.0009, 0.99994].map((one) => decimalsText(one, 2)), ["10.00", "10.00", "1.001", "0.9999"]);
  assertEquals([1, 1.0006, 0.9996, 0.1].map((one) => decimalsText(one, 3)), ["1.000", "1.001", "0.9996", "0.100"]);
  assertEquals([100.04, 99.64].map((one) => decimalsText(one, 1)), ["100.0", "99.64"]);
  assertEquals(speedText(4616.5), "4,617 samples/s");
});
