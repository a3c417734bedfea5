/**
 * Orthonormal rows or columns of a matrix.
 *
 * @module
 */

import { arange } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import { scan } from "../../core/scan.ts";

/**
 * The rows of a matrix, made orthonormal one after the other by the Gram-Schmidt method. Each row is projected twice,
 * since "twice is enough" for the precision of the numbers (Giraud, Langou and Rozložník, 2005).
 */
function orthonormalRows(matrix: Tensor): Tensor {
  const [rows, columns] = matrix.shape;
  const body = (done: Tensor, { row, index }: { row: Tensor; index: Tensor }): [Tensor, null] => {
    // Rows that are not done yet are 0 in `done`, so they subtract nothing.
    const project = (v: Tensor) => v.sub(v.matmul(done.transpose()).matmul(done));
    const rest = project(project(row.reshape([1, columns])));
    const unit = rest.div(rest.square().sum().sqrt());
    const here = done.indexAlong(0).equal(index);
    return [here.where(unit.broadcastTo([rows, columns]), done), null];
  };
  const index = arange(rows, undefined, 1, { dtype: "i32" });
  return scan(body, matrix.zerosLike(), { row: matrix, index })[0];
}

/** A matrix of the same shape whose columns, or rows if there are fewer of them, are orthonormal. */
export function orthonormal(matrix: Tensor): Tensor {
  const [rows, columns] = matrix.shape;
  return rows <= columns ? orthonormalRows(matrix) : orthonormalRows(matrix.transpose()).transpose();
}
