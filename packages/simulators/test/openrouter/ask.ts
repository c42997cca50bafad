/** Raw HTTP against a simulated OpenRouter, for its tests. */
import type { OpenRouterSimulator } from '../../src/index.ts'

export const KEY = 'sk-or-v1-test'
export const MODEL = 'openai/gpt-4o-mini'

/** Sends a chat completion as it is. */
export function post(
  simulator: OpenRouterSimulator,
  body: Record<string, unknown>,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${simulator.url}/chat/completions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'Hello' }], ...body }),
    ...init,
  })
}

/** The answer's text without streaming. */
export async function textOf(response: Response): Promise<string> {
  const body = (await response.json()) as { choices: { message: { content: string } }[] }
  return body.choices[0]?.message.content ?? ''
}

/** The `data:` payloads of a whole stream. */
export async function eventsOf(response: Response): Promise<string[]> {
  const lines = (await response.text()).split('\n')
  return lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6))
}

/** The error object of an answer. */
export async function errorOf(response: Response): Promise<Record<string, unknown>> {
  return ((await response.json()) as { error: Record<string, unknown> }).error
}
