/** The names that OpenRouter gives a model. */

/** Whether `speaking`, which has answered, is the model that was asked as `id`: it may be named with its version's date. */
export function isModel(speaking: string, id: string): boolean {
  const bare = id.replace(/:[^/]*$/, '')
  return speaking === id || speaking === bare || speaking.startsWith(`${bare}-20`)
}
