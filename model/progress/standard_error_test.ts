import { assertEquals } from "@std/assert";
import process from "node:process";
import { denoColumns, standardError } from "./standard_error.ts";

/** Runs something as in Node, where standard error is this stream. */
function inNode<T>(stderr: unknown, run: () => T): T {
  const [deno, own] = [globalThis.Deno, Object.getOwnPropertyDescriptor(process, "stderr")!];
  Object.defineProperty(process, "stderr", { configurable: true, value: stderr });
  Object.defineProperty(globalThis, "Deno", { configurable: true, value: undefined });
  try {
    return run();
  } finally {
    Object.defineProperty(globalThis, "Deno", { configurable: true, value: deno });
    Object.defineProperty(process, "stderr", own);
  }
}

/** Runs something with a value of the environment variable TERM. */
function withTerm<T>(value: string, run: () => T): T {
  const before = Deno.env.get("TERM");
  Deno.env.set("TERM", value);
  try {
    return run();
  } finally {
    if (before === undefined) Deno.env.delete("TERM");
    else Deno.env.set("TERM", before);
  }
}

Deno.test("in Node, the width is that of the terminal, and there is none without a terminal", () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const widthOf = (stderr: object): number | undefined => inNode(stderr, () => standardError()!.columns());
  withTerm("xterm", () => {
    assertEquals(widthOf({ write, isTTY: true, columns: 123 }), 123);
    assertEquals(widthOf({ write, isTTY: true, columns: 0 }), 80);
    assertEquals(widthOf({ write, isTTY: true }), 80);
    assertEquals(widthOf({ write, columns: 123 }), undefined);
  });
  inNode({ write }, () => standardError()!.note("a line"));
  assertEquals(written, ["a line"]);
});

Deno.test("what cannot be written is left out, and browsers have no standard error", () => {
  const write = () => {
    throw new Error("closed");
  };
  inNode({ write }, () => standardError()!.note("a line"));
  assertEquals(inNode(undefined, standardError), undefined);
  assertEquals(inNode({}, standardError), undefined);
});

Deno.test("in Deno, only a terminal has a width", () => {
  const stream = (isTerminal: boolean) => ({ isTerminal: () => isTerminal, writeSync: () => 0 });
  withTerm("xterm", () => {
    assertEquals(denoColumns(stream(false)), undefined);
    assertEquals(typeof denoColumns(stream(true)), "number");
  });
});

Deno.test("in Deno, a terminal that reports no width has the usual one, and one without a cursor has none", () => {
  const before = Deno.consoleSize;
  const stream = (isTerminal: boolean) => ({ isTerminal: () => isTerminal, writeSync: () => 0 });
  const widthFor = (size: () => number, isTerminal = true): number | undefined => {
    Deno.consoleSize = () => ({ columns: size(), rows: 20 });
    return denoColumns(stream(isTerminal));
  };
  const unknown = (): never => {
    throw new Error("no size");
  };
  try {
    withTerm("xterm", () => {
      assertEquals([widthFor(() => 123), widthFor(() => 0), widthFor(unknown)], [123, 80, 80]);
      assertEquals(widthFor(() => 123, false), undefined);
    });
    withTerm("dumb", () => assertEquals(widthFor(() => 123), undefined));
  } finally {
    Deno.consoleSize = before;
  }
});
