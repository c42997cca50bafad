/** Finds by which factors the parts of an estimate have to be multiplied, so that it comes true on the whole. */

/** No factor leaves these bounds. */
const LEAST = 0.25
const MOST = 4

/**
 * The factors x that make the sum of (1 − Σ share · x)² over all samples smallest, beside `trust` · Σ (x − 1)², which
 * keeps those of parts that no sample has. `sums`: over the samples, of the products of two shares each (1·1, 1·2, …,
 * 2·2, …), then of the shares.
 */
export function ridgeFactors(
  sums: readonly number[],
  { size, trust }: { size: number; trust: number },
): number[] {
  const products = (size * (size + 1)) / 2
  const rows = Array.from({ length: size }, () => Array<number>(size + 1).fill(0))
  let at = 0
  for (let row = 0; row < size; row++) {
    for (let column = row; column < size; column++, at++) {
      const sum = (sums[at] ?? 0) + (row === column ? trust : 0)
      set(rows, row, column, sum)
      set(rows, column, row, sum)
    }
    set(rows, row, size, (sums[products + row] ?? 0) + trust)
  }
  return solve(rows).map((factor) => Math.min(MOST, Math.max(LEAST, factor)))
}

/** Gauss–Jordan; the trust on the diagonal makes the matrix positive definite, so that no pivot is 0. */
function solve(rows: number[][]): number[] {
  for (const [nth, pivotRow] of rows.entries()) {
    const pivot = pivotRow[nth] ?? 1
    for (let column = nth; column < pivotRow.length; column++)
      pivotRow[column] = (pivotRow[column] ?? 0) / pivot
    for (const [other, row] of rows.entries()) {
      const share = row[nth] ?? 0
      if (other === nth || share === 0) continue
      for (let column = nth; column < row.length; column++)
        row[column] = (row[column] ?? 0) - share * (pivotRow[column] ?? 0)
    }
  }
  return rows.map((row) => row.at(-1) ?? 1)
}

function set(rows: number[][], row: number, column: number, value: number): void {
  const found = rows[row]
  if (found) found[column] = value
}
