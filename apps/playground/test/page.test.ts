import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture } from './open-page.ts'
import { ANNA, BORIS, GROUP, openPlayground } from './open-playground.ts'

/** Runs in the page, and is no TypeScript therefore. */
const PALE_TEXTS = new URL('./pale-texts.js', import.meta.url)

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** A text with an entity for each piece that has a type. */
function formatted(pieces: [text: string, type?: string, more?: Record<string, string>][]) {
  let text = ''
  const entities: Record<string, unknown>[] = []
  for (const [piece, type, more] of pieces) {
    if (type) entities.push({ type, offset: text.length, length: piece.length, ...more })
    text += piece
  }
  return { text, entities }
}

test('what is typed reaches the bot, and its answer is shown as it formats it', async () => {
  const { address, bot } = await openPlayground({ gatewayPort: 3000, monitorPort: 3001 })
  const { page, hosts, complaints } = await openPage(browser, address)
  await page.getByText('gateway, worker, sender and Redis are real').waitFor()
  expect(await page.getByRole('link', { name: 'Queues' }).getAttribute('href')).toBe('http://127.0.0.1:3001/')
  expect(await page.getByRole('link', { name: 'Health' }).getAttribute('href')).toBe(
    'http://127.0.0.1:3000/readyz',
  )
  await picture(page, 'empty')
  await page.getByRole('button', { name: 'Start' }).click()
  expect((await bot.take()).message?.text).toBe('/start')

  const typed = '<b>not bold</b> & <script>alert(1)</script>'
  await page.getByLabel('Message', { exact: true }).fill(typed)
  await page.keyboard.press('Enter')
  expect((await bot.take()).message).toMatchObject({ text: typed, from: { id: ANNA } })
  const log = page.getByRole('log')
  await log.getByText(typed).waitFor()
  expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('')

  await bot.call('sendChatAction', { chat_id: ANNA, action: 'typing' })
  await page.locator('.dots').waitFor()
  await picture(page, 'typing')
  const answer = formatted([
    ['bold', 'bold'],
    [', '],
    ['italic', 'italic'],
    [', '],
    ['struck', 'strikethrough'],
    [', '],
    ['hidden', 'spoiler'],
    [', '],
    ['code()', 'code'],
    [', 😀 '],
    ['a link', 'text_link', { url: 'https://example.org/a?b=c' }],
    [' and '],
    ['a bad one', 'text_link', { url: 'tg://settings' }],
    ['\n'],
    [
      'const a = "<i>"\nconsole.log(a, "a line so long that it does not fit into the bubble at all, not ever")',
      'pre',
      { language: 'ts' },
    ],
    ['\n'],
    ['a quote', 'blockquote'],
    ['\n'],
    ['a long quote\n'.repeat(9), 'expandable_blockquote'],
    ['<b>text</b>'],
  ])
  await bot.call('sendMessage', { chat_id: ANNA, ...answer })
  const text = log.locator('.text').last()
  await text.getByText('<b>text</b>').waitFor()
  expect(await page.locator('.dots').count()).toBe(0)
  expect(await text.locator('strong').allTextContents()).toEqual(['bold'])
  expect(await text.locator('em').allTextContents()).toEqual(['italic'])
  expect(await text.locator('s').allTextContents()).toEqual(['struck'])
  expect(await text.locator('pre code').textContent()).toContain('const a = "<i>"\nconsole')
  expect(await text.locator('.language').textContent()).toBe('ts')
  const link = text.getByRole('link')
  expect(await link.count()).toBe(1)
  expect(await link.getAttribute('href')).toBe('https://example.org/a?b=c')
  expect(await link.getAttribute('rel')).toContain('noopener')
  expect(await page.locator('script:not([src]), .log b, .log i').count()).toBe(0)
  await picture(page, 'formatted')

  await text.getByRole('button', { name: 'Hidden text: show it' }).press('Enter')
  expect(await text.locator('.spoiler.shown').textContent()).toBe('hidden')
  await text.getByRole('button', { name: 'Show all' }).click()
  await text.getByRole('button', { name: 'Show less' }).waitFor()
  expect([...hosts]).toEqual([new URL(address).host])
  expect(complaints).toEqual([])
})

test('entities within others, one across another and such beyond the text are shown without harm', async () => {
  const { address } = await openPlayground()
  const { page } = await openPage(browser, address)
  const html = await page.evaluate(`import('/formatted-text.js').then(({ formattedText }) => {
    const box = document.createElement('div')
    box.append(formattedText('abcdef ghi', [
      { type: 'italic', offset: 2, length: 4 },
      { type: 'bold', offset: 0, length: 4 },
      { type: 'underline', offset: 7, length: 99 },
      { type: 'code', offset: 50, length: 5 },
      { type: 'unheard_of', offset: 8, length: 1 },
    ]))
    return box.innerHTML
  })`)
  expect(html).toBe(
    '<strong>ab<em>cd</em></strong><em>ef</em> <u>g<span class="entity unheard_of">h</span>i</u>',
  )
})

test('in the group one speaks as anybody, replies and changes what one said', async () => {
  const { address, bot } = await openPlayground()
  const { page, complaints } = await openPage(browser, address)
  await page.getByRole('link', { name: 'Reading club' }).click()
  await page.getByRole('button', { name: 'Mention @chatlane_bot' }).click()
  await page.keyboard.type('what shall we read?')
  await page.keyboard.press('Enter')
  const asked = (await bot.take()).message
  expect(asked).toMatchObject({
    text: '@chatlane_bot what shall we read?',
    chat: { id: GROUP },
    from: { id: ANNA },
  })
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', {
    chat_id: GROUP,
    text: 'The Master and Margarita.',
    reply_parameters: { message_id: asked?.message_id },
  })
  const answer = page.locator(`article[data-id="${message_id}"]`)
  await answer.waitFor()
  expect(await page.locator('.message.own').count()).toBe(1)

  await page.getByLabel('Speaking as').selectOption('Борис')
  expect(await page.locator('.message.own').count()).toBe(0)
  await answer.hover()
  await answer.getByRole('button', { name: 'Reply', exact: true }).click()
  await page.getByText('Reply to Chatlane').waitFor()
  await page.keyboard.type('Читал. Что ещо?')
  await page.keyboard.press('Enter')
  expect((await bot.take()).message).toMatchObject({
    from: { id: BORIS },
    reply_to_message: { message_id },
  })

  // The bot has it before the page shows it.
  await page.getByRole('article').filter({ hasText: 'Что ещо?' }).last().waitFor()
  await page.getByLabel('Message', { exact: true }).press('ArrowUp')
  await page.getByText('Editing').waitFor()
  await page.getByLabel('Message', { exact: true }).fill('Читал. Что ещё?')
  await picture(page, 'group')
  await page.keyboard.press('Enter')
  expect((await bot.take()).edited_message).toMatchObject({ text: 'Читал. Что ещё?' })
  await page.getByRole('article').filter({ hasText: 'Что ещё?' }).last().getByText('edited').waitFor()
  await bot.call('deleteMessage', { chat_id: GROUP, message_id })
  await answer.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('messages of other chats are counted, and another person can be added', async () => {
  const { address, bot } = await openPlayground()
  const { page } = await openPage(browser, address)
  await bot.call('sendMessage', { chat_id: BORIS, text: 'Борис, вы здесь?' })
  await page.getByLabel('1 unread').waitFor()
  await page.getByText('Chatlane: Борис, вы здесь?').waitFor()
  await page.getByRole('button', { name: 'Add a person…' }).click()
  await page.getByLabel('Name').fill('Zoë')
  await page.getByLabel('Language of their Telegram').selectOption('French')
  await picture(page, 'dialog')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Zoë → Chatlane' }).waitFor()
  await page.keyboard.type('Salut !')
  await page.keyboard.press('Enter')
  expect((await bot.take()).message).toMatchObject({ from: { first_name: 'Zoë', language_code: 'fr' } })
  await page.getByRole('link', { name: 'Борис' }).click()
  await page.getByRole('log').getByText('вы здесь').waitFor()
  expect(await page.locator('.unread').count()).toBe(0)
})

test('buttons under a message work, and what the bot tells then is shown', async () => {
  const { address, bot } = await openPlayground()
  const { page } = await openPage(browser, address)
  const keyboard = [
    [
      { text: 'Vote', callback_data: 'vote' },
      { text: 'Site', url: 'https://example.org/' },
    ],
  ]
  await bot.call('sendMessage', { chat_id: ANNA, text: 'Well?', reply_markup: { inline_keyboard: keyboard } })
  await page.getByRole('button', { name: 'Vote' }).click()
  const query = (await bot.take()).callback_query
  expect(query?.data).toBe('vote')
  await bot.call('answerCallbackQuery', { callback_query_id: query?.id, text: 'Counted' })
  await page.getByText('Counted').waitFor()
  await picture(page, 'buttons')
})

test('a page that lost the server says so, and shows everything when it is back', async () => {
  const first = await openPlayground()
  const { page } = await openPage(browser, first.address)
  await first.post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: 'before' })
  await page.getByRole('log').getByText('before').waitFor()
  await first.playground.stop()
  await page.getByText('trying again').waitFor()
  await page.getByLabel('Message', { exact: true }).fill('meanwhile')
  await page.keyboard.press('Enter')
  await page.getByText('Not sent').waitFor()
  await picture(page, 'lost')
  const second = await openPlayground({ port: Number(new URL(first.address).port) })
  await second.post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: 'after' })
  await page.getByRole('log').getByText('after').waitFor()
  expect(await page.getByRole('log').getByText('before').count()).toBe(0)
  await page.getByText('trying again').waitFor({ state: 'hidden' })
  expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('meanwhile')
})

test('on a phone the list and the chat take turns, and nothing is wider than the screen', async () => {
  const { address, bot } = await openPlayground()
  const { page, complaints } = await openPage(browser, address, {
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    isMobile: true,
    colorScheme: 'dark',
  })
  await picture(page, 'phone-list')
  expect(await page.getByLabel('Message', { exact: true }).count()).toBe(0)
  await page.getByRole('link', { name: 'Борис' }).tap()
  await page.getByRole('link', { name: 'Anna' }).waitFor({ state: 'hidden' })
  await page.getByLabel('Message', { exact: true }).fill('привет')
  await page.getByRole('button', { name: 'Send' }).tap()
  await bot.take()
  const long = `${'длинное '.repeat(40)}\n${'x'.repeat(200)}`
  await bot.call('sendMessage', { chat_id: BORIS, ...formatted([[long], ['y'.repeat(300), 'pre']]) })
  await page.getByRole('log').getByText('длинное').waitFor()
  await picture(page, 'phone-chat')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  expect(await page.locator('.list').evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0)
  await page.goBack()
  await page.getByRole('link', { name: 'Anna' }).waitFor()
  expect(complaints).toEqual([])
})

test('everything can be done by keyboard', async () => {
  const { address, bot } = await openPlayground()
  const { page } = await openPage(browser, address)
  await page.getByRole('link', { name: 'Anna' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Борис → Chatlane' }).waitFor()
  await page.keyboard.type('раз')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('два')
  await page.keyboard.press('Enter')
  expect((await bot.take()).message?.text).toBe('раз\nдва')
  await page.getByRole('log').getByText('раз').waitFor()
  for (let n = 0; n < 3; n++) await page.keyboard.press('Shift+Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('Reply')
})

test.each(['light', 'dark'] as const)(
  'in %s its texts stand out from what is behind them',
  async (colorScheme) => {
    const { address, bot, post } = await openPlayground()
    await post(`/api/chats/${ANNA}/messages`, {
      from: ANNA,
      text: 'Hello, see /help and https://example.org',
    })
    await bot.call('sendMessage', {
      chat_id: ANNA,
      ...formatted([['Hi! '], ['code', 'code'], [' and '], ['more', 'pre', { language: 'sh' }]]),
      reply_markup: { inline_keyboard: [[{ text: 'Again', callback_data: 'again' }]] },
    })
    await bot.upload('sendDocument', { chat_id: ANNA }, { document: new File(['x'], 'answer.py') })
    await bot.call('sendMessageDraft', { chat_id: ANNA, draft_id: 1, text: 'so far', can_stop: true })
    const { page } = await openPage(browser, address, { colorScheme })
    await page.getByRole('log').getByText('Hi!').waitFor()
    await picture(page, colorScheme)
    const pale = await page.evaluate(`(${(await readFile(PALE_TEXTS, 'utf8')).replace('export ', '')})()`)
    expect(pale).toEqual([])
  },
)
