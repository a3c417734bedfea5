import { assertRejects } from "@std/assert";
import { DownloadError } from "../errors.ts";
import { downloadFile } from "./download.ts";

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
