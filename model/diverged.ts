/**
 * Training that went wrong.
 *
 * @module
 */

/** The cost became infinite or no number: the learning rate is too high, or the data or a layer give such numbers. */
export class Diverged extends Error {
  /** What stack traces call it. */
  override readonly name = "Diverged";

  /** Says between which iterations, counted from 1, the cost was last finite and found not to be. */
  constructor(model: string, readonly after: number, readonly iteration: number, readonly cost: number) {
    super(
      `Cannot go on training ${model}: the cost became ${cost} between iterations ${after} and ${iteration}; ` +
        `expected a finite one; a smaller learning rate may help`,
    );
  }
}
