/** Times one piece of work. */

/** The median of `repeats` runs, in milliseconds; half as many before them warm up. */
export async function medianMs(work: () => unknown, repeats: number): Promise<number> {
  const times: number[] = []
  for (let repeat = -Math.ceil(repeats / 2); repeat < repeats; repeat++) {
    const startedAt = performance.now()
    await work()
    if (repeat >= 0) times.push(performance.now() - startedAt)
  }
  return times.sort((left, right) => left - right)[times.length >> 1] ?? Number.NaN
}
