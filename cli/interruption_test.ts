import { assertEquals } from "@std/assert";
import { run } from "./testing.ts";

/** How a program without a terminal ends that receives `SIGHUP` while it listens for interruptions. */
async function hungUp(...starter: readonly string[]): Promise<string> {
  const program = `
    import { listen } from ${JSON.stringify(import.meta.resolve("./interruption.ts"))};
    const { signal, forget } = listen();
    const wait = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve("ends"));
      Deno.addSignalListener("SIGHUP", () => setTimeout(() => resolve("continues"), 50));
    });
    console.log("listens");
    console.log(await wait);
    forget();
    Deno.exit();
  `;
  const [command, ...args] = [...starter, Deno.execPath(), "run", "-A", "--no-check", "-"];
  const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  let out = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (out === "") child.kill("SIGHUP");
    out += text;
  }
  await child.status;
  return out;
}

Deno.test({
  name: "a closed terminal ends a program without one, unless it was started to ignore that",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const found = await Promise.all([hungUp(), hungUp("nohup")]);
    assertEquals(found, ["listens\nends\n", "listens\ncontinues\n"]);
  },
});

/** What a process is that listens for interruptions. */
interface Process {
  readonly ignored?: string;
  readonly isTerminal?: boolean;
  readonly mayRead?: boolean;
  readonly os?: string;
}

let processes = 0;

/** Puts other functions in the place of those of Deno while `body` runs. */
function instead<T>(changes: Readonly<Record<string, unknown>>, body: () => T): T {
  const before = Object.keys(changes).map((name) => [name, Object.getOwnPropertyDescriptor(Deno, name)!] as const);
  for (const [name, value] of Object.entries(changes)) {
    Object.defineProperty(Deno, name, { value, configurable: true, writable: true });
  }
  try {
    return body();
  } finally {
    for (const [name, descriptor] of before) Object.defineProperty(Deno, name, descriptor);
  }
}

/** Listens in a process of its own kind, and returns what it listens for, and whether that interrupts it. */
async function listening({ ignored, isTerminal = false, mayRead = true, os = "linux" }: Process = {}) {
  const { listen }: typeof import("./interruption.ts") = await import(`./interruption.ts?process=${processes++}`);
  const listeners: [string, () => void][] = [];
  const codes: unknown[] = [];
  const stream = (isOne: boolean) => ({ isTerminal: () => isOne });
  const changes = {
    addSignalListener: (signal: string, listener: () => void) => listeners.push([signal, listener]),
    removeSignalListener: (...removed: [string, () => void]) => {
      listeners.splice(listeners.findIndex(([signal, one]) => signal === removed[0] && one === removed[1]), 1);
    },
    exit: (code: unknown) => codes.push(code),
    build: { ...Deno.build, os },
    permissions: { querySync: () => ({ state: mayRead ? "granted" : "prompt" }) },
    readTextFileSync: () => {
      if (ignored === undefined) throw new Deno.errors.NotFound();
      return `Name:\tdeno\nSigBlk:\t0000000000000001\nSigIgn:\t${ignored}\nSigCgt:\t0000000000000001\n`;
    },
    ...{ stdin: stream(false), stdout: stream(isTerminal), stderr: stream(false) },
  };
  const inside = <T>(body: () => T): T => instead(changes, body);
  const { signal, forget } = inside(listen);
  const receive = (name: string) => inside(() => listeners.filter(([one]) => one === name).forEach(([, run]) => run()));
  return { signal, forget: () => inside(forget), receive, listeners, codes };
}

Deno.test("the first interruption requests an end, and the second one ends the program", async () => {
  for (const name of ["SIGINT", "SIGTERM"]) {
    const { signal, forget, receive, listeners, codes } = await listening();
    assertEquals(listeners.map(([one]) => one), ["SIGINT", "SIGTERM", "SIGHUP"]);
    assertEquals([signal.aborted, codes], [false, []]);
    receive(name);
    assertEquals([signal.aborted, codes], [true, []]);
    receive(name);
    assertEquals(codes, [130]);
    forget();
    assertEquals(listeners, []);
  }
  assertEquals((await listening({ os: "windows" })).listeners.map(([name]) => name), ["SIGINT"]);
});

Deno.test("a closed terminal requests an end, unless the program was started to outlive it", async () => {
  const ends = async (process: Process): Promise<boolean> => {
    const { signal, receive, codes } = await listening(process);
    receive("SIGHUP");
    receive("SIGHUP");
    assertEquals(codes, []);
    return signal.aborted;
  };
  assertEquals(await ends({ ignored: "0000000000000001" }), false);
  assertEquals(await ends({ ignored: "00000000000000a3", isTerminal: true }), false);
  assertEquals(await ends({ ignored: "0000000000000002" }), true);
  assertEquals(await ends({ ignored: "0000000000000000", isTerminal: true }), true);
  for (const unknown of [{}, { ignored: "0000000000000001", mayRead: false }, { ignored: "none" }]) {
    assertEquals(await ends({ ...unknown, isTerminal: true }), true);
    assertEquals(await ends(unknown), false);
  }
});

Deno.test("a command line that has ended, with success or an error, does not listen any more", async () => {
  const listeners: unknown[] = [];
  const [add, remove] = [Deno.addSignalListener, Deno.removeSignalListener];
  Deno.addSignalListener = (_signal, listener) => void listeners.push(listener);
  Deno.removeSignalListener = (_signal, listener) => void listeners.splice(listeners.indexOf(listener), 1);
  try {
    const codes = [(await run("train", "--version")).code, (await run("train", "--wrong")).code];
    assertEquals([codes, listeners], [[0, 2], []]);
  } finally {
    [Deno.addSignalListener, Deno.removeSignalListener] = [add, remove];
  }
});
