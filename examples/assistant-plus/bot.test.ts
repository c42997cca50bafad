import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type OpenBotOptions, openBot } from 'chatlane-test'
import { expect, onTestFinished, test } from 'vitest'

async function openPlus({
  file = 'bot.ts',
  environment,
  ...options
}: Partial<OpenBotOptions> & { file?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'plus-'))
  const bot = await openBot({
    ...options,
    handlers: new URL(file, import.meta.url),
    assistant: true,
    environment: { ...environment, PLUS_DATA: folder },
  })
  const db = new DatabaseSync(join(folder, 'plus.db'), { timeout: 10_000 })
  onTestFinished(async () => {
    db.close()
    await bot.close()
    rmSync(folder, { recursive: true })
  })
  return {
    bot,
    anna: bot.person('Anna'),
    boris: bot.person('Boris'),
    vouchers: () =>
      db
        .prepare('SELECT code FROM vouchers ORDER BY rowid')
        .all()
        .map(({ code }) => code),
    readers: () =>
      db
        .prepare('SELECT chat_id FROM readers ORDER BY rowid')
        .all()
        .map((each) => each.chat_id),
  }
}

const SUBSCRIBED = '☀️ See you every morning at seven (UTC).'
const GOOD_MORNING = '☀️ Good morning! What is on your mind?'
const TASK = 'Sum up our conversation in three points.'

test('two updates get two vouchers, and those that are posted are those that are stored', async () => {
  const { anna, vouchers } = await openPlus()
  await anna.says('/voucher')
  await anna.says('/voucher')
  const posted = [await anna.sees(), await anna.sees()]
  expect(posted).toEqual(vouchers().map((code) => `Your voucher: ${code}`))
  expect(new Set(vouchers()).size).toBe(2)
})

test('after a kill the voucher is the one it was, and what was committed goes out once', async () => {
  const { bot, anna, boris, vouchers, readers } = await openPlus({ file: 'held-bot.ts' })
  await anna.says('/voucher')
  await boris.says('/subscribe')
  await expect.poll(() => vouchers().length + readers().length, { timeout: 10_000 }).toBe(2)
  const [code] = vouchers()
  await bot.killWorker()
  expect([anna.chat(), boris.chat()]).toEqual(['Anna: /voucher', 'Boris: /subscribe'])
  await bot.startWorker()
  expect(await anna.sees()).toBe(`Your voucher: ${code}`)
  expect(await boris.sees()).toBe(SUBSCRIBED)
  expect(vouchers()).toEqual([code])
  expect(boris.chat()).toBe(`Boris: /subscribe\nBot: ${SUBSCRIBED}`)
  expect(bot.output().match(/^update \d+ runs again: its worker died$/gm)).toHaveLength(2)
})

test('who subscribes is greeted every morning, once, however many workers there are', async () => {
  const { bot, anna, boris } = await openPlus({ workers: 2 })
  await anna.says('/subscribe')
  expect(await anna.sees()).toBe(SUBSCRIBED)
  await bot.runSchedule('morning')
  expect(await anna.sees()).toBe(GOOD_MORNING)
  await bot.runSchedule('morning')
  expect(anna.chat().split(GOOD_MORNING)).toHaveLength(3)
  expect(boris.chat()).toBe('(no messages)')
})

test('who has blocked the bot is no reader any more, and the others are greeted', async () => {
  const { bot, anna, boris, readers } = await openPlus()
  for (const person of [anna, boris]) {
    await person.says('/subscribe')
    await person.sees()
  }
  expect(readers()).toEqual([anna.id, boris.id])
  bot.telegram.phone.setBlocked({ from: anna.id, blocked: true })
  await bot.runSchedule('morning')
  expect(await boris.sees()).toBe(GOOD_MORNING)
  expect(readers()).toEqual([boris.id])
})

test('without a talk there is nothing to sum up', async () => {
  const { bot, anna } = await openPlus()
  await anna.says('/summary')
  expect(await anna.sees()).toBe('We have not talked yet.')
  expect(bot.model?.requests()).toEqual([])
})

test('what no handler takes is answered by the model', async () => {
  const { bot, anna } = await openPlus()
  await anna.says('hello')
  expect(await anna.sees()).toBe('hello')
  expect(bot.model?.requests()).toHaveLength(1)
})

test('a talk is summed up before the reader’s eyes, and summaries are counted', async () => {
  // The simulated model echoes, and stops in the middle of the first summary.
  const { bot, anna } = await openPlus({ environment: { STREAMING: 'edit' }, model: { chunkChars: 10 } })
  await anna.says('hello')
  expect(await anna.sees()).toBe('hello')
  bot.model?.faults.add({ kind: 'hang', at: 'text', afterChunks: 1, containing: TASK, times: 1 })
  await anna.says('/summary')
  expect(await anna.sees()).toBe('Sum up our')
  bot.model?.release()
  const first = `Anna: hello\nBot: hello\nAnna: /summary\nBot: Summary 1\n\n${TASK}`
  await expect.poll(() => anna.chat(), { timeout: 10_000 }).toBe(first)
  await anna.says('/summary')
  await expect
    .poll(() => anna.chat(), { timeout: 10_000 })
    .toBe(`${first}\nAnna: /summary\nBot: Summary 2\n\n${TASK}`)
  expect(bot.model?.requests().at(-1)?.messages).toEqual([
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: 'hello' },
    { role: 'user', content: TASK },
  ])
})

test('a summary that the model fails is not counted', async () => {
  const { bot, anna } = await openPlus()
  await anna.says('hello')
  await anna.sees()
  bot.model?.faults.add({ preset: 'no_credits', containing: TASK, times: 1 })
  await anna.says('/summary')
  expect(await anna.sees()).toBe('The model is not there; please ask again.')
  await anna.says('/summary')
  expect(await anna.sees()).toBe(`Summary 1\n\n${TASK}`)
})
