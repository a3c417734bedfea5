import { assert, assertEquals } from "@std/assert";
import { openC } from "./c_functions.ts";
import { MachineCode } from "./encode/assembler.ts";
import { registers } from "./encode/instructions.ts";
import { makeExecutable } from "./executable_memory.ts";
import { systems } from "./systems.ts";
import { failing, testNative } from "./testing.ts";

const { rax, rcx, rsi, rdi } = registers;
const system = systems.linux;

/** Code that stores the number `at` at the address `memory`. */
const store = (): Uint8Array => {
  const [memory, at] = system.parameters;
  assertEquals([memory, at], [rdi, rsi]);
  return new MachineCode().op("mov m32, r32", memory, 0, at).op("xor r32, r32", rax, rax).op("ret").copy();
};

testNative("code in executable memory runs, and is read there", () => {
  const c = openC(system.library);
  const code = makeExecutable(store(), c, system);
  assert(typeof code !== "string");
  const words = new Uint32Array([7, 8]);
  c.bsearch(Deno.UnsafePointer.of(words), 0x89abcdef, 1n, 0n, code.address);
  assertEquals([...words], [0x89abcdef, 8]);
  const view = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(code.address, store().length));
  assertEquals([...view], [...store()]);
  code.dispose();
});

testNative("the memory is writable first, then executable, never both", () => {
  const c = openC(system.library);
  const protections: number[] = [];
  let freed = 0n;
  const code = makeExecutable(store(), {
    mmap: (address, bytes, protection, ...rest) => {
      protections.push(protection);
      return c.mmap(address, bytes, protection, ...rest);
    },
    mprotect: (address, bytes, protection) => {
      protections.push(protection);
      return c.mprotect(address, bytes, protection);
    },
    munmap: (address, bytes) => {
      freed += bytes;
      return c.munmap(address, bytes);
    },
  }, system);
  assert(typeof code !== "string");
  assertEquals(protections, [3, 5]);
  code.dispose();
  assertEquals(freed, BigInt(store().length));
});

testNative("a refusal of memory, or of its protection, is reported in one line", () => {
  const code = new MachineCode().op("xor r32, r32", rcx, rcx).op("ret").copy();
  assertEquals(
    makeExecutable(code, failing(["mmap"]), system),
    "the system gave no memory for machine code (mmap of 3 bytes failed)",
  );
  let freed = 0;
  const functions = failing(["mprotect"]);
  const counting = {
    ...functions,
    munmap: (...given: Parameters<typeof functions.munmap>) => {
      freed++;
      return functions.munmap(...given);
    },
  };
  assertEquals(
    makeExecutable(code, counting, system),
    "the system does not let programs make machine code (mprotect failed)",
  );
  assertEquals(freed, 1);
});
