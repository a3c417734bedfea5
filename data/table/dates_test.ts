import { assertEquals } from "@std/assert";
import { DAY, timeOf } from "./dates.ts";

Deno.test("dates and times are milliseconds since 1970 in UTC", () => {
  assertEquals(DAY, 24 * 60 * 60 * 1000);
  const times: [text: string, time: number][] = [
    ["1970-01-01", 0],
    ["1970/1/2", DAY],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["1999-12-31T23:59:59.999", Date.UTC(1999, 11, 31, 23, 59, 59, 999)],
    ["2024-02-29 12:30", Date.UTC(2024, 1, 29, 12, 30)],
    ["2024-02-29T00:00:01Z", Date.UTC(2024, 1, 29, 0, 0, 1)],
    ["2024-02-29T12:30:15.5", Date.UTC(2024, 1, 29, 12, 30, 15, 500)],
    ["2024-02-29T12:30:15.123456789", Date.UTC(2024, 1, 29, 12, 30, 15, 123)],
    ["2024-02-29T12:30+02:30", Date.UTC(2024, 1, 29, 10, 0)],
    ["2024-02-29T12:30-0130", Date.UTC(2024, 1, 29, 14, 0)],
    ["2024-02-29T12:30+12:15", Date.UTC(2024, 1, 29, 0, 15)],
    ["1969-12-31", -DAY],
  ];
  for (const [text, time] of times) assertEquals(timeOf(text), time, text);
  assertEquals(timeOf("0050-03-01"), new Date("0050-03-01T00:00:00Z").getTime());
  assertEquals(timeOf("0000-01-01"), new Date("0000-01-01T00:00:00Z").getTime());
});

Deno.test("days and times that do not exist are not dates", () => {
  const texts = [
    ...["2023-02-29", "2024-02-30", "2024-13-01", "2024-00-10", "2024-01-00", "2024-04-31", "2024-1-32"],
    ...["2024-01-01T24:00", "2024-01-01T12:60", "2024-01-01T12:30:60", "02/03/2024", "2024-01/01", "2024-01-01T12"],
    ...["2024-01-01T12:30+2", "2024-01-01Z", "", "2024", "2024-01-01 ", "2024-01-01T12:30:15.", "20240101"],
  ];
  for (const text of texts) assertEquals(timeOf(text), undefined, text);
  assertEquals(timeOf("2024-01-01T23:59:59"), Date.UTC(2024, 0, 1, 23, 59, 59));
});
