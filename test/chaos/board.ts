/** What an operator does in Bull Board, by the calls that its page makes. */

interface BoardQueue {
  name: string
  jobs: { id: string }[]
}

/** In which states jobs are looked for: an active one is locked, and the board refuses. */
const STATES = { clean: ['waiting', 'delayed', 'active'], retry: ['completed', 'failed'] }
const MOST_OF_EACH = 10
const OURS = /inbox|outbox|queries/

/** Removes (`clean`) or retries every job that wakes a lane or a pump; resolves with how many of them it could. */
export async function touchBoard(board: string, deed: 'clean' | 'retry'): Promise<number> {
  const known = await fetch(`${board}/api/queues`)
  // While Redis is away the board says so, and nothing can be pressed.
  if (!known.ok) return 0
  const { queues } = (await known.json()) as { queues: BoardQueue[] }
  let touched = 0
  for (const { name } of queues.filter((queue) => OURS.test(queue.name))) {
    for (const status of STATES[deed]) {
      const query = new URLSearchParams({
        activeQueue: name,
        status,
        page: '1',
        jobsPerPage: String(MOST_OF_EACH),
      })
      const answer = await fetch(`${board}/api/queues?${query}`)
      if (!answer.ok) continue
      const listed = (await answer.json()) as { queues: BoardQueue[] }
      const jobs = listed.queues.find((queue) => queue.name === name)?.jobs ?? []
      for (const { id } of jobs) {
        const path = `${board}/api/queues/${encodeURIComponent(name)}/${encodeURIComponent(id)}/${deed}`
        if ((await fetch(path, { method: 'PUT' })).ok) touched++
      }
    }
  }
  return touched
}
