/** The phrases of the simulated model, in English and Russian. */

/** What an answer is put together from. */
export interface Phrases {
  openings: string[]
  asked(quoted: string): string
  fresh: string
  remembers(earlier: number, first: string): string
  wantsLong: RegExp
  wantsCode: RegExp
  wantsList: RegExp
  codeIntro: string
  code: string
  listIntro: string
  list: string
  thoughts: string[]
  quote: string
  section(number: number): string
  closings: string[]
  signature(model: string): string
}

const CODE = [
  '```ts',
  'const lanes = new Map<string, Promise<void>>()',
  '',
  'export function inOrder(chat: string, work: () => Promise<void>) {',
  '  const next = (lanes.get(chat) ?? Promise.resolve()).then(work)',
  '  lanes.set(chat, next)',
  '  return next',
  '}',
  '```',
].join('\n')

const ENGLISH: Phrases = {
  openings: ['Good question!', 'Happy to help.', 'Let me think about it.', 'Sure!', 'Interesting.'],
  asked: (quoted) => `You wrote: ${quoted}.`,
  fresh: 'This is the **first message** of our conversation that I can see.',
  remembers: (earlier, first) =>
    `I remember **${earlier}** earlier ${earlier === 1 ? 'message' : 'messages'} of our conversation; it begins with “${first}”.`,
  wantsLong: /\b(long|essay|detail(ed|s)?|story)\b/i,
  wantsCode: /\b(code|function|program|script|typescript|python)\b/i,
  wantsList: /\b(list|steps|ideas|plan|options)\b/i,
  codeIntro: 'Here is a small example, with `inOrder` doing the work:',
  code: CODE,
  listIntro: 'A few things to keep in mind:',
  list: [
    '1. **Start small**: one step that works is worth ten that are planned.',
    '2. *Measure* before you change anything.',
    '3. Write down what surprised you:',
    '   - what you expected,',
    '   - what happened instead.',
  ].join('\n'),
  thoughts: [
    'The short answer is *it depends*, and what it depends on is worth naming: how often it happens, and what it costs.',
    'Most problems of this kind get easier once you **say aloud** what must never happen, and ~~hope~~ check that it does not.',
    'There is a [classic text](https://en.wikipedia.org/wiki/Queueing_theory) on this; its first chapter is enough.',
  ],
  quote: '> Simplicity is prerequisite for reliability.\n> — *Edsger W. Dijkstra*',
  section: (number) => `Part ${number}`,
  closings: [
    'Shall I go deeper into any of this?',
    'Tell me more, and I can be more precise.',
    'Try asking me for *code*, a *list* or something *long*.',
  ],
  signature: (model) => `A simulated answer in place of ${model}`,
}

const RUSSIAN: Phrases = {
  openings: ['Хороший вопрос!', 'С радостью помогу.', 'Давайте подумаем.', 'Конечно!', 'Интересно.'],
  asked: (quoted) => `Вы написали: ${quoted}.`,
  fresh: 'Это **первое сообщение** нашего разговора, которое я вижу.',
  remembers: (earlier, first) =>
    `Из нашего разговора я помню сообщений до этого: **${earlier}**; он начинается с «${first}».`,
  wantsLong: /длинн|подробн|рассказ|эссе/i,
  wantsCode: /код|функци|программ|скрипт/i,
  wantsList: /спис|шаг|иде[яюий]|план|вариант/i,
  codeIntro: 'Вот небольшой пример, всю работу делает `inOrder`:',
  code: CODE,
  listIntro: 'Что стоит держать в голове:',
  list: [
    '1. **Начните с малого**: один работающий шаг лучше десяти задуманных.',
    '2. Сначала *измерьте*, потом меняйте.',
    '3. Запишите, что удивило:',
    '   - чего вы ждали,',
    '   - что вышло на деле.',
  ].join('\n'),
  thoughts: [
    'Короткий ответ: *смотря по обстоятельствам*, и их стоит назвать: как часто это бывает и чего стоит.',
    'Такие задачи становятся проще, когда **вслух сказано**, чего не должно случиться никогда, и ~~есть надежда~~ есть проверка.',
    'Об этом есть [хорошая статья](https://ru.wikipedia.org/wiki/Теория_массового_обслуживания); хватит и её начала.',
  ],
  quote: '> Простота — залог надёжности.\n> — *Эдсгер Дейкстра*',
  section: (number) => `Часть ${number}`,
  closings: [
    'Рассказать о чём-нибудь подробнее?',
    'Уточните, и я отвечу точнее.',
    'Попросите у меня *код*, *список* или что-нибудь *длинное*.',
  ],
  signature: (model) => `Учебный ответ вместо модели ${model}`,
}

/** Russian where the text has Cyrillic letters, else English. */
export function phrasesFor(text: string): Phrases {
  return /[а-яё]/i.test(text) ? RUSSIAN : ENGLISH
}
