import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DOMParser } from "linkedom";
import { tensor } from "../core/creation.ts";
import { data } from "../data/data.ts";
import { samples } from "../data/samples.ts";
import { logisticRegression } from "../layers/dense.ts";
import { inputLayer } from "../layers/input.ts";
import { model } from "../model/model.ts";
import { network } from "../model/network.ts";
import type { Report } from "../model/training/report.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { someEvents } from "./events/testing.ts";
import { htmlReport } from "./html_report.ts";
import { Picture } from "./picture.ts";
import { historyOf, type Part } from "./testing.ts";

const end = someEvents.at(-1);
assert(end?.event === "end");
const report: Report = {
  ...end.report,
  model: "<b>&\"'</b>",
  history: historyOf(40, 20, 10),
  testError: 11.25,
  hyperparameters: { learningRate: 0.1, "<i>": "</table><script>alert(1)</script>" },
};

function partsOf(html: string, selector: string): Part[] {
  const document: { querySelectorAll(selector: string): Iterable<Part> } = new DOMParser()
    .parseFromString(html, "text/html");
  return [...document.querySelectorAll(selector)];
}

function rowsOf(html: string): Map<string, string> {
  return new Map(
    partsOf(html, "tr").map((row) => {
      const [name, value] = row.querySelectorAll("th, td");
      return [name.textContent, value?.textContent ?? ""];
    }),
  );
}

Deno.test("a report shows the results, and the conditions for reproducing them", async () => {
  const { html, title } = await htmlReport(report);
  assertEquals(title, "Report of <b>&\"'</b>");
  assertEquals(partsOf(html, "h1").map(({ textContent }) => textContent), ["<b>&\"'</b>"]);
  const results = partsOf(html, "dd strong").map(({ textContent }) => textContent);
  assertEquals(results, ["11.250 %", "12.500 %", "1", "3.000 s", "7"]);
  const rows = rowsOf(html);
  for (
    const [name, value] of [
      ...[["update rule", "sgd"], ["learningRate", "0.1"], ["data", "digits"], ["SHA-256 of the data", "ab12"]],
      ...[["seed", "3"], ["device", "WebAssembly"], ["version of yadll", "1.2.3"], ["training steps", "2.000 s"]],
      ["2", "2.0000"],
    ]
  ) assertEquals(rows.get(name), value, name);
});

Deno.test("a report is self-contained: no script, nothing from elsewhere, all text escaped", async () => {
  const { html } = await htmlReport(report, { warning: "<u>careful</u>" });
  assertEquals(partsOf(html, "script, link, iframe, object, b, i, u").length, 0);
  assertEquals(rowsOf(html).get("<i>"), "</table><script>alert(1)</script>");
  assertEquals(partsOf(html, ".warning")[0].textContent, "<u>careful</u>");
  for (const part of partsOf(html, "[src], [href]")) {
    assertStringIncludes(part.getAttribute("src") ?? part.getAttribute("href") ?? "", "data:");
  }
  assert(!/url\(|@import/.test(html));
  assertStringIncludes(html, `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  assertStringIncludes(html, "@media (prefers-color-scheme: dark)");
});

testOnEveryDevice("with a model it shows layers, confusion matrix and filters", async () => {
  const set = { x: samples([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]), y: Int32Array.of(0, 1, 1) };
  const input = inputLayer({ shape: [null, 4] });
  const net = network("net", [input, logisticRegression(input, { nClass: 2, name: "Last" })]);
  const W = tensor([[1, 0], [0, 1], [0, 0], [0, 0]]);
  const carrying = net.withWeights({ params: { Last: { W, b: tensor([0, 0]) } }, state: {} });
  const trained = model({ network: carrying, data: data([set, set, set]) });
  const { html } = await htmlReport(report, { model: trained, labels: ["cat", "dog"] });
  // Pictures for narrow pages fit into 380 pixels, and have the same contents.
  const [wide, narrow] = ["wide", "narrow"].map((kind) => partsOf(html, `figure .${kind} > svg`));
  assertEquals([wide.length, narrow.length], [3, 3]);
  for (const [i, picture] of narrow.entries()) {
    assert(Number(picture.getAttribute("width")) <= 348, picture.getAttribute("width")!);
    const [long, short] = [wide[i], picture].map((one) => one.getAttribute("aria-label"));
    assertEquals(short, long);
  }
  assertEquals(partsOf(html, ".narrow table td").map(({ textContent }) => textContent), [
    ...["[any, 4]", "0", "[any, 2]", "10"],
  ]);
  assertEquals(partsOf(html, "figure").length, 3);
  const texts = partsOf(html, "figure text").map(({ textContent }) => textContent);
  for (const text of ["cat", "1 of 3 examples misclassified, 33.33 %", "Filters of Last"]) {
    assert(texts.includes(text), text);
  }
  assertStringIncludes(partsOf(html, "pre")[0].textContent, "Last");
  // The classes of several targets are not counted.
  const several = { x: set.x, y: { kind: set.y, age: set.y } };
  const other = model({ network: carrying, data: data([several, several, several]) });
  assertEquals(partsOf((await htmlReport(report, { model: other })).html, "figure").length, 2);
  const picture = new Picture({ svg: "<svg><text>more</text></svg>", width: 1, height: 1, description: "more" });
  const without = await htmlReport(report, { network: net, pictures: [picture] });
  assertEquals(partsOf(without.html, "figure").length, 2);
});

Deno.test("matrices of many classes with long names fit narrow pages", async () => {
  for (const classes of [2, 10, 40]) {
    const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(1));
    const labels = counts.map((_, i) => `class ${i} with a long name`);
    const { html } = await htmlReport(report, { confusion: { counts, total: classes ** 2, wrong: 1 }, labels });
    for (const picture of partsOf(html, ".narrow > svg")) {
      assert(Number(picture.getAttribute("width")) <= 348, `${classes}: ${picture.getAttribute("width")}`);
    }
  }
});

Deno.test("large losses stay short in the table of epochs", async () => {
  const { html } = await htmlReport({ ...report, history: historyOf(12_345_678_901, 40) });
  const cells = partsOf(html, ".numbers td").map(({ textContent }) => textContent);
  assertEquals(cells.slice(0, 4), ["1.23·10⁹", "1.54·10⁹", "6.17·10⁹", "1.23·10¹⁰"]);
  assertEquals(cells.slice(5, 9), ["4.0000", "5.0000", "20.000", "40.000"]);
});

Deno.test("a report is saved as a file, and shown by notebooks", async () => {
  const folder = await Deno.makeTempDir();
  const page = await htmlReport({ ...report, history: [], testError: null, validationError: null });
  await page.save(`${folder}/report.html`);
  assertEquals(await Deno.readTextFile(`${folder}/report.html`), `${page}`);
  const bundle = Reflect.get(page, Symbol.for("Jupyter.display")).call(page);
  assertEquals(bundle["text/html"], page.html);
  await Deno.remove(folder, { recursive: true });
});
