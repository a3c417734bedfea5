/** The names of the functions among exported values. */
export type FunctionNames<E> = {
  readonly [K in keyof E]: E[K] extends (...args: never[]) => unknown ? K : never;
}[keyof E];
