/** What two people say in a long conversation: Russian, English and code, by turns, some of it long. */

const PARTS = {
  russian:
    'Расскажи, пожалуйста, подробнее, как устроена очередь сообщений и почему порядок в ней не теряется даже тогда, когда один из обработчиков умирает на середине ответа. ',
  english:
    'Please tell me more about how the queue keeps its order when one of the workers dies in the middle of an answer, and what the sender does in the meantime. ',
  code: 'export function take(lane: string[], most = 20): string[] {\n  return lane.splice(0, most).filter((item) => item !== "")\n}\n',
} as const

/** The `nth` thing that is said: 60 to 1,200 characters, another in every place. */
export function saidInLongTalk(nth: number): string {
  const kind = (['russian', 'english', 'code', 'russian', 'english'] as const)[nth % 5] ?? 'english'
  const text = `${nth}. ${PARTS[kind].repeat(1 + (nth % 7))}`.slice(0, 60 + ((nth * 397) % 1140))
  return kind === 'code' ? `\`\`\`ts\n${text}\n\`\`\`` : text
}
