import { assertEquals } from "@std/assert";
import { MachineCode } from "./assembler.ts";
import { instructions, registers, vectorInstructions } from "./instructions.ts";

const { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r15 } = registers;

const hex = (code: MachineCode): string =>
  Array.from(code.copy(), (byte) => byte.toString(16).padStart(2, "0")).join(" ");

// The expected bytes are those of GNU as 2.40.

Deno.test("instructions on general registers have the bytes of another assembler", () => {
  const cases: Record<keyof typeof instructions, readonly (readonly [operands: number[], bytes: string])[]> = {
    "ret": [[[], "c3"]],
    "cpuid": [[[], "0f a2"]],
    "xgetbv": [[[], "0f 01 d0"]],
    "vzeroupper": [[[], "c5 f8 77"]],
    "push r64": [[[rbx], "53"], [[r12], "41 54"]],
    "pop r64": [[[rbp], "5d"], [[r15], "41 5f"]],
    "mov r32, r32": [[[rax, rcx], "89 c8"], [[r9, rcx], "41 89 c9"]],
    "mov r64, r64": [[[r8, rdi], "49 89 f8"], [[rax, r10], "4c 89 d0"]],
    "mov r32, m32": [
      [[rax, rbx, 0], "8b 03"],
      [[r12, rbx, 36], "44 8b 63 24"],
      [[rcx, r13, 0], "41 8b 4d 00"],
      [[rcx, rsp, 8], "8b 4c 24 08"],
      [[rcx, r12, 200], "41 8b 8c 24 c8 00 00 00"],
    ],
    "mov m32, r32": [
      [[r8, 0, rax], "41 89 00"],
      [[r8, 12, r9], "45 89 48 0c"],
      [[rbp, 0, rcx], "89 4d 00"],
    ],
    "add r64, r64": [[[r12, r10], "4d 01 d4"]],
    "add r64, i32": [[[rdi, 512], "48 81 c7 00 02 00 00"], [[r12, 127], "49 83 c4 7f"]],
    "and r32, i32": [[[r9, 1 << 27], "41 81 e1 00 00 00 08"]],
    "sub r32, i32": [[[r15, 300], "41 81 ef 2c 01 00 00"], [[rcx, 1], "83 e9 01"], [[r15, -128], "41 83 ef 80"]],
    "cmp r32, i32": [[[r13, 300], "41 81 fd 2c 01 00 00"]],
    "xor r32, r32": [[[rax, rax], "31 c0"]],
    "test r32, r32": [[[r15, r15], "45 85 ff"]],
  };
  for (const name of Object.keys(instructions) as (keyof typeof instructions)[]) {
    for (const [operands, bytes] of cases[name]) {
      assertEquals(hex(new MachineCode().op(name, ...operands)), bytes, `${name}: ${operands}`);
    }
  }
});

type VectorCases = Record<keyof typeof vectorInstructions, readonly (readonly [operands: number[], bytes: string])[]>;

function checkVectors(vectorBytes: 32 | 64, cases: VectorCases): void {
  for (const name of Object.keys(vectorInstructions) as (keyof typeof vectorInstructions)[]) {
    for (const [operands, bytes] of cases[name]) {
      assertEquals(hex(new MachineCode().vector(name, vectorBytes, ...operands)), bytes, `${name}: ${operands}`);
    }
  }
}

Deno.test("instructions on vectors of AVX2 have the bytes of another assembler", () => {
  checkVectors(32, {
    "vmovups v, m": [
      [[0, rsi, 0], "c5 fc 10 06"],
      [[9, rsi, 32], "c5 7c 10 4e 20"],
      [[1, r12, 256], "c4 c1 7c 10 8c 24 00 01 00 00"],
    ],
    "vmovups v, r+r": [
      [[1, r11, rax], "c4 c1 7c 10 0c 03"],
      [[10, r9, rax], "c4 41 7c 10 14 01"],
      [[2, rsi, r10], "c4 a1 7c 10 14 16"],
      [[2, rbp, rax], "c5 fc 10 54 05 00"],
    ],
    "vinsertf64x4 v, r+r": [],
    "vmovups m, v": [[[rdx, 0, 3], "c5 fc 11 1a"], [[rdx, 32, 14], "c5 7c 11 72 20"]],
    "vbroadcastss v, m": [[[0, rdi, 20], "c4 e2 7d 18 47 14"], [[12, r9, 20], "c4 42 7d 18 61 14"]],
    "vaddps v, v, v": [[[4, 1, 4], "c5 f4 58 e4"], [[13, 9, 10], "c4 41 34 58 ea"]],
    "vxorps v, v, v": [[[15, 15, 15], "c4 41 04 57 ff"]],
    "vfmadd231ps v, v, v": [[[3, 0, 1], "c4 e2 7d b8 d9"], [[11, 8, 9], "c4 42 3d b8 d9"]],
  });
});

Deno.test("instructions on vectors of AVX-512 have the bytes of another assembler", () => {
  checkVectors(64, {
    "vmovups v, m": [
      [[1, rsi, 64], "62 f1 7c 48 10 4e 01"],
      [[1, rsi, 0], "62 f1 7c 48 10 0e"],
      [[17, r12, 32], "62 c1 7c 48 10 8c 24 20 00 00 00"],
      [[30, rbp, 0], "62 61 7c 48 10 75 00"],
    ],
    "vmovups v, r+r": [
      [[1, r11, rax], "62 d1 7c 48 10 0c 03"],
      [[18, r9, rax], "62 c1 7c 48 10 14 01"],
      [[10, rsi, r10], "62 31 7c 48 10 14 16"],
      [[25, r13, rax], "62 41 7c 48 10 4c 05 00"],
    ],
    "vinsertf64x4 v, r+r": [
      [[1, r9, rax], "62 d3 f5 48 1a 0c 01 01"],
      [[2, r10, rax], "62 d3 ed 48 1a 14 02 01"],
      [[18, r13, r11], "62 83 ed 40 1a 54 1d 00 01"],
    ],
    "vmovups m, v": [[[rdx, 64, 18], "62 e1 7c 48 11 52 01"], [[rdx, 0, 3], "62 f1 7c 48 11 1a"]],
    "vbroadcastss v, m": [
      [[0, rdi, 28], "62 f2 7d 48 18 47 07"],
      [[25, r13, 512], "62 42 7d 48 18 8d 00 02 00 00"],
    ],
    "vaddps v, v, v": [[[20, 1, 20], "62 a1 74 48 58 e4"]],
    "vxorps v, v, v": [[[18, 18, 18], "62 a1 6c 40 57 d2"]],
    "vfmadd231ps v, v, v": [
      [[3, 0, 1], "62 f2 7d 48 b8 d9"],
      [[19, 24, 15], "62 c2 3d 40 b8 df"],
      [[9, 16, 31], "62 12 7d 40 b8 cf"],
    ],
  });
});

Deno.test("constants and offsets have one byte from -128 to 127, four beyond", () => {
  const constants: readonly (readonly [number, string])[] = [
    ...[[-129, "81 e9 7f ff ff ff"], [-128, "83 e9 80"], [127, "83 e9 7f"]] as const,
    ...[[128, "81 e9 80 00 00 00"], [0x1234_5678, "81 e9 78 56 34 12"]] as const,
  ];
  for (const [value, bytes] of constants) assertEquals(hex(new MachineCode().op("sub r32, i32", rcx, value)), bytes);
  const offsets: readonly (readonly [number, string])[] = [
    ...[[-129, "8b 8b 7f ff ff ff"], [-128, "8b 4b 80"], [127, "8b 4b 7f"], [128, "8b 8b 80 00 00 00"]] as const,
  ];
  for (const [offset, bytes] of offsets) {
    assertEquals(hex(new MachineCode().op("mov r32, m32", rcx, rbx, offset)), bytes);
  }
  const vectors: readonly (readonly [number, string])[] = [
    ...[[-8256, "8e c0 df ff ff"], [-8192, "4e 80"], [8128, "4e 7f"], [8192, "8e 00 20 00 00"]] as const,
    ...[[65, "8e 41 00 00 00"]] as const,
  ];
  for (const [offset, bytes] of vectors) {
    assertEquals(hex(new MachineCode().vector("vmovups v, m", 64, 1, rsi, offset)), `62 f1 7c 48 10 ${bytes}`);
  }
});

Deno.test("registers above 7 and above 15 are told apart from those 8 below", () => {
  assertEquals(hex(new MachineCode().op("mov r64, r64", rdi, rdi)), "48 89 ff");
  assertEquals(hex(new MachineCode().op("mov r64, r64", r8, r8)), "4d 89 c0");
  assertEquals(hex(new MachineCode().vector("vmovups v, r+r", 32, 2, rsi, r8)), "c4 a1 7c 10 14 06");
  assertEquals(hex(new MachineCode().vector("vmovups v, r+r", 32, 2, rsi, rdi)), "c5 fc 10 14 3e");
  assertEquals(hex(new MachineCode().vector("vmovups v, r+r", 64, 10, rsi, r8)), "62 31 7c 48 10 14 06");
  assertEquals(hex(new MachineCode().vector("vaddps v, v, v", 32, 7, 8, 7)), "c5 bc 58 ff");
  assertEquals(hex(new MachineCode().vector("vaddps v, v, v", 32, 8, 7, 8)), "c4 41 44 58 c0");
  assertEquals(hex(new MachineCode().vector("vaddps v, v, v", 64, 15, 16, 15)), "62 51 7c 40 58 ff");
  assertEquals(hex(new MachineCode().vector("vaddps v, v, v", 64, 16, 15, 16)), "62 a1 04 48 58 c0");
});

Deno.test("jumps go forward and backward to their labels", () => {
  const code = new MachineCode();
  const [top, end] = [code.label(), code.label()];
  code.bind(top).op("ret").jump("je", end).jump("jmp", top).jump("ja", top).jump("jae", end).bind(end).jump(
    "call",
    end,
  );
  assertEquals(
    hex(code),
    "c3 0f 84 11 00 00 00 e9 f4 ff ff ff 0f 87 ee ff ff ff 0f 83 00 00 00 00 e8 fb ff ff ff",
  );
  assertEquals(
    hex(new MachineCode().jump("jb", code.label()).jump("jne", code.label())),
    "0f 82 00 00 00 00 0f 85 00 00 00 00",
  );
});

Deno.test("the beginning of other code can be appended, and long code grows", () => {
  const part = new MachineCode().op("cpuid").op("ret").op("xgetbv");
  const code = new MachineCode().op("ret").append(part, 3);
  assertEquals(hex(code), "c3 0f a2 c3");
  assertEquals(hex(new MachineCode().append(part)), "0f a2 c3 0f 01 d0");
  const long = new MachineCode();
  for (let i = 0; i < 3000; i++) long.append(part);
  for (let i = 0; i < 3000; i++) long.op("add r64, i32", rdi, 1000 + i);
  assertEquals(long.length, 3000 * (6 + 7));
  const bytes = long.copy();
  assertEquals([...bytes.slice(0, 6)], [...part.copy()]);
  assertEquals([...bytes.slice(-7)], [0x48, 0x81, 0xc7, 0x9f, 0x0f, 0, 0]);
});
