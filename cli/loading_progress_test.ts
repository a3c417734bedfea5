import { assertEquals } from "@std/assert";
import type { LoadEvent } from "../data/mnist/kept_files.ts";
import { loadingProgress } from "./loading_progress.ts";

/** What is printed for events that arrive every 60 ms on a terminal with this many columns, or on none. */
function printed(columns: number | undefined, events: readonly LoadEvent[]): string[] {
  const notes: string[] = [];
  let time = 0;
  const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => columns };
  const progress = loadingProgress(output, () => time += 60);
  events.forEach(progress.tell);
  progress.finish();
  return notes;
}

function arrived(host: string, received: number, total?: number): LoadEvent {
  return { kind: "download", file: "archive", url: `https://${host}/archive`, received, total };
}

const events = [
  arrived("silent.example", 0),
  arrived("fast.example", 0),
  arrived("fast.example", 1e6, 20e6),
  arrived("fast.example", 2e6, 20e6),
  arrived("fast.example", 11e6, 20e6),
  arrived("fast.example", 20e6, 20e6),
];

Deno.test("without a terminal each host is a line, which is printed when the file is requested", () => {
  assertEquals(printed(undefined, events), [
    "Downloading MNIST from silent.example…\n",
    "Downloading MNIST from fast.example…\n",
  ]);
});

Deno.test("on a terminal the line of a host counts, and the last number stays", () => {
  assertEquals(printed(80, events), [
    "Downloading MNIST from silent.example…",
    "\n",
    "Downloading MNIST from fast.example…",
    "\rDownloading MNIST from fast.example… 5 % of 20.0 MB\x1b[K",
    "\rDownloading MNIST from fast.example… 55 % of 20.0 MB\x1b[K",
    "\rDownloading MNIST from fast.example… 100 % of 20.0 MB\x1b[K",
    "\n",
  ]);
  assertEquals(printed(80, []), []);
});

Deno.test("the line fits the terminal, and bytes are counted if their number is not known", () => {
  const [, short] = printed(30, [arrived("fast.example", 0), arrived("fast.example", 1e6)]);
  assertEquals(short, "\rDownloading MNIST from fast.e\x1b[K");
  const [, part] = printed(80, [arrived("fast.example", 0), arrived("fast.example", 2e6, 3e6)]);
  assertEquals(part, "\rDownloading MNIST from fast.example… 66 % of 3.0 MB\x1b[K");
  const [, none] = printed(80, [arrived("fast.example", 0), arrived("fast.example", 0, 0)]);
  assertEquals(none, "\rDownloading MNIST from fast.example… 0 % of 0.0 MB\x1b[K");
  const [, unknown] = printed(80, [arrived("fast.example", 0), arrived("fast.example", 1.25e6)]);
  assertEquals(unknown, "\rDownloading MNIST from fast.example… 1.3 MB\x1b[K");
});

Deno.test("a damaged file of the cache is named on a line of its own", () => {
  const damaged: LoadEvent = { kind: "damaged", file: "a.gz", reason: "it is cut short" };
  assertEquals(printed(80, [arrived("one.example", 0), damaged]), [
    "Downloading MNIST from one.example…",
    "\n",
    "a.gz is damaged and will be downloaded again: it is cut short\n",
  ]);
});
