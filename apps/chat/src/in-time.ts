/** How long something lasts, in words. */

/** `0.4 s`, `12 s`, `3 min`, `5 h`, `2 days`: rounded down, as whoever waits would say it. */
export function inTime(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toLocaleString('en-US')} s`
  if (seconds < 120) return `${Math.floor(seconds)} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} days`
}
