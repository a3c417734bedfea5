import { assertEquals, assertRejects } from "@std/assert";
import { holdTimers } from "../../tests/held_timers.ts";
import { DownloadError } from "../errors.ts";
import { downloadFile, type DownloadProgress } from "./download.ts";

Deno.test("a server that announces or sends far too much is refused", async () => {
  const piece = new Uint8Array(2 ** 22);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
    const headers = { "content-length": String(2 ** 29) };
    return new Response(body, request.url.endsWith("announced") ? { headers } : {});
  });
  try {
    for (const name of ["announced", "endless"]) {
      await assertRejects(
        () => downloadFile(`http://127.0.0.1:${server.addr.port}/${name}`, { timeout: 10_000 }),
        DownloadError,
        "expected at most 268435456 bytes",
      );
    }
  } finally {
    await server.shutdown();
  }
});

/** Downloads from a server that sends these pieces, and says what was reported and waited for. */
async function download(pieces: readonly number[][], headers: Record<string, string> = {}, status = 200) {
  const before = globalThis.fetch;
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Uint8Array.from(piece));
      controller.close();
    },
  });
  globalThis.fetch = () => Promise.resolve(new Response(body, { headers, status }));
  using timers = holdTimers();
  try {
    const progress: (number | undefined)[][] = [];
    const onProgress = ({ received, total }: DownloadProgress): void => void progress.push([received, total]);
    const bytes = await downloadFile("http://host/file", { timeout: 777, onProgress });
    return { bytes: [...bytes], progress, waits: timers.waits.filter((wait) => wait === 777).length };
  } finally {
    globalThis.fetch = before;
  }
}

Deno.test("each piece that arrives is reported, and the wait begins anew", async () => {
  const { bytes, progress, waits } = await download([[1, 2], [3], [4, 5, 6]], { "content-length": "6" });
  assertEquals(bytes, [1, 2, 3, 4, 5, 6]);
  assertEquals(progress, [[0, undefined], [2, 6], [3, 6], [6, 6]]);
  assertEquals(waits, 4);
});

Deno.test("the length is that of the header, which does not count for packed answers", async () => {
  const packed = await download([[1, 2, 3]], { "content-length": "2", "content-encoding": "gzip" });
  assertEquals(packed.progress, [[0, undefined], [3, undefined]]);
  await assertRejects(
    () => download([[1, 2, 3]], { "content-length": "2" }),
    DownloadError,
    "expected at most 2 bytes, got more",
  );
  await assertRejects(
    () => download([[1, 2, 3]], { "content-length": "4" }),
    DownloadError,
    "expected 4 bytes, got 3; the connection was cut",
  );
  await assertRejects(() => download([[1]], {}, 404), DownloadError, "expected status 200, got 404");
  assertEquals((await download([], { "content-length": "0" })).bytes, []);
});
