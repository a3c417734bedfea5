/**
 * The words at the start of the shared memory through which the threads of a backend share work.
 *
 * Threads take tickets for work: chunk number `i` of a run has ticket `base + i`. A thread takes the next ticket,
 * computes its chunk, and adds one to the tickets done. A step is over when all its tickets are done. A thread that
 * arrives late finds no ticket left and continues, so no thread waits for one that has no work. Tickets are never
 * reset.
 *
 * @module
 */

/** Byte addresses. Words written by different threads are in different cache lines. */
export const control = {
  /** The next ticket to be taken. */
  next: 64,
  /** Tickets whose chunks are done. */
  done: 128,
  /** Threads that sleep until `done` changes. */
  sleepers: 192,
  /** 1 once a thread has failed. */
  failed: 256,
  /** Grows by two with each job. It is odd while the ten words after it, which describe the job, are written. */
  job: 320,
  /** The number of the module. */
  module: 324,
  /** The address and the length of the module's bytes. */
  code: 328,
  codeBytes: 332,
  /** The address of the table of the run's buffers. */
  table: 336,
  /** The ticket of the run's first chunk. */
  base: 340,
  /** The address of the threads' workspaces, and the bytes of one. */
  workspace: 344,
  workspaceBytes: 348,
  /** The address and the length of the list of modules that exist, and its number, which grows with each new list. */
  modules: 352,
  moduleCount: 356,
  modulesChanged: 360,
  /** Modules that are loaded in the threads apart from the calling one, counted once for each. */
  instances: 384,
  /** The address of the machine code of products: two words, the lower one first. */
  native: 448,
  /** The message of the error: its length in bytes, then the text. */
  message: 1024,
  /** The record of indices outside of their tables. */
  record: 3072,
} as const;

/** The most pages of 64 KiB that 32-bit addresses can reach. */
export const MAXIMUM_PAGES = 65536;

/** The maximum length of `control.message` in bytes. */
export const MESSAGE_BYTES = 1024;

/** The first address that buffers may have. */
export const FIRST_ADDRESS = 4096;
