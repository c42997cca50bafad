/** The page while the bot writes: messages that change in place, drafts, buttons, files. */
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openPage, picture } from './open-page.ts'
import { ANNA, GROUP, openPlayground } from './open-playground.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** A playground whose limits are lifted, with its page. */
async function open() {
  const playground = await openPlayground()
  await playground.liftLimits()
  const { page, complaints } = await openPage(browser, playground.address)
  const { bot } = playground
  const say = async (text: string, more: Record<string, unknown> = {}) =>
    (await bot.call<{ message_id: number }>('sendMessage', { chat_id: ANNA, text, ...more })).message_id
  const edit = (message_id: number, text: string, more: Record<string, unknown> = {}) =>
    bot.call('editMessageText', { chat_id: ANNA, message_id, text, ...more })
  const article = (id: number) => page.locator(`article[data-id="${id}"]`)
  return { ...playground, page, complaints, say, edit, article }
}

const bottomGap = (page: Page) =>
  page.locator('.list').evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight)
/** Scrolls to a share of the list's height; done when the page has heard of it. */
const scrollTo = (page: Page, share: number) =>
  page.locator('.list').evaluate((list, part) => {
    const heard = new Promise<void>((resolve) => {
      list.addEventListener('scroll', () => resolve(), { once: true })
    })
    list.scrollTop = Math.round(list.scrollHeight * part)
    return heard
  }, share)
const topOf = (locator: Locator) => locator.evaluate((node) => node.getBoundingClientRect().top)
const lines = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, n) => `${word} ${n}`).join('\n')

test('a message that changes stays the same element, with what was unfolded and selected in it', async () => {
  const { page, say, edit, article, complaints } = await open()
  const hidden = 'hidden'
  const quote = lines(12, 'quoted')
  const entities = [
    { type: 'spoiler', offset: 0, length: hidden.length },
    { type: 'expandable_blockquote', offset: hidden.length + 1, length: quote.length },
  ]
  const text = `${hidden}\n${quote}\nselect this`
  const id = await say(text, { entities })
  await article(id).getByRole('button', { name: 'Hidden text' }).click()
  await article(id).getByRole('button', { name: 'Show all' }).click()
  await page.evaluate(`(() => {
    const node = document.querySelector('article[data-id="${id}"]')
    node.isTheSame = true
    const text = node.querySelector('.text').lastChild
    getSelection().setBaseAndExtent(text, 0, text, 6)
  })()`)
  await edit(id, `${text} and on`, { entities })
  await article(id).getByText('select this and on').waitFor()
  expect(await article(id).evaluate((node) => 'isTheSame' in node)).toBe(true)
  expect(await page.evaluate('String(getSelection())')).toBe('select')
  expect(await article(id).locator('.spoiler.shown').count()).toBe(1)
  await article(id).getByRole('button', { name: 'Show less' }).waitFor()
  await article(id).getByText('edited').waitFor()
  expect(complaints).toEqual([])
})

test('who is at the end stays there while a message grows, and who reads elsewhere is not moved', async () => {
  const { page, say, edit, article } = await open()
  const read = await say(lines(60))
  const grows = await say('begins')
  await article(grows).waitFor()
  for (const count of [5, 20, 40]) {
    await edit(grows, lines(count, 'word'))
    await article(grows)
      .getByText(`word ${count - 1}`)
      .waitFor()
    expect(await bottomGap(page)).toBeLessThan(2)
  }
  await scrollTo(page, 0.05)
  const before = await topOf(article(read))
  await edit(grows, lines(80, 'word'))
  await article(grows).getByText('word 79').waitFor()
  await say('one more')
  await page.getByRole('button', { name: 'New messages' }).waitFor()
  expect(await topOf(article(read))).toBe(before)
  await page.getByRole('button', { name: 'New messages' }).click()
  expect(await bottomGap(page)).toBeLessThan(2)
})

test('what is above does not push down who reads below it when it grows', async () => {
  const { page, say, edit, article } = await open()
  const grows = await say('begins')
  const read = await say(lines(80))
  await article(read).waitFor()
  await scrollTo(page, 0.5)
  const before = await topOf(article(read))
  await edit(grows, lines(10, 'word'))
  await article(grows).getByText('word 9').waitFor()
  expect(Math.abs((await topOf(article(read))) - before)).toBeLessThan(2)
})

test('the Stop button of a message waits for the bot, and goes when the message is edited without it', async () => {
  const { page, bot, say, edit, article } = await open()
  const reply_markup = { inline_keyboard: [[{ text: 'Stop', callback_data: 'stop:1' }]] }
  const id = await say('so', { reply_markup })
  await edit(id, 'so far', { reply_markup })
  await article(id).getByText('so far').waitFor()
  const stop = article(id).getByRole('button', { name: 'Stop' })
  await stop.click()
  await page.locator('.key.waiting').waitFor()
  const query = (await bot.take()).callback_query
  expect(query?.data).toBe('stop:1')
  await picture(page, 'stopping')
  await bot.call('answerCallbackQuery', { callback_query_id: query?.id })
  await page.locator('.key.waiting').waitFor({ state: 'detached' })
  await edit(id, 'so far.')
  await stop.waitFor({ state: 'detached' })
  expect(await page.locator('.toast').isVisible()).toBe(false)
})

test('a draft grows below the messages, and its Stop button tells the bot', async () => {
  const { page, bot, complaints } = await open()
  const draft = (text: string, more = {}) =>
    bot.call('sendMessageDraft', { chat_id: ANNA, draft_id: 3, text, can_stop: true, ...more })
  await draft('')
  await page.locator('.sign .dots').waitFor()
  await draft('Once')
  await page.locator('.draft').getByText('Once').waitFor()
  await draft('Once upon a time', { entities: [{ type: 'bold', offset: 0, length: 4 }] })
  expect(await page.locator('.draft strong').textContent()).toBe('Once')
  await picture(page, 'draft')
  await page.reload()
  await page.locator('.draft').getByText('upon a time').waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  expect((await bot.take()).stopped_message_generation).toMatchObject({ chat: { id: ANNA }, draft_id: 3 })
  await page.locator('.draft').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('a kept draft loses its button, a chat action does not shorten it, and the message takes its place', async () => {
  const { page, bot, say, article } = await open()
  const kept = { chat_id: ANNA, draft_id: 3, text: 'so far', can_stop: true, keep_on_stop: true }
  await bot.call('sendMessageDraft', kept)
  await bot.call('sendChatAction', { chat_id: ANNA, action: 'typing' })
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
  expect(await page.locator('.draft').textContent()).toBe('so far')
  const id = await say('so far, stopped')
  await article(id).waitFor()
  expect(await page.locator('.draft').count()).toBe(0)
})

test('messages vanish that the bot or a person takes away', async () => {
  const { page, bot, say, article } = await open()
  const [first, second] = [await say('first'), await say('second')]
  await article(second).hover()
  await article(second).getByRole('button', { name: 'Delete' }).click()
  await article(second).waitFor({ state: 'detached' })
  await expect(bot.call('editMessageText', { chat_id: ANNA, message_id: second, text: 'x' })).rejects.toThrow(
    /message to edit not found/,
  )
  await bot.call('deleteMessages', { chat_id: ANNA, message_ids: [first] })
  await page.getByRole('button', { name: 'Start' }).waitFor()
})

test('photos, documents, voice messages and albums are shown, and an album loses a part', async () => {
  const { page, bot, article, complaints } = await open()
  const picturePng = await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 200 } })
  const png = () => new File([new Uint8Array(picturePng)], 'a.png')
  const photo = await bot.upload<{ message_id: number }>(
    'sendPhoto',
    { chat_id: ANNA, caption: 'as asked' },
    { photo: png() },
  )
  await bot.upload('sendDocument', { chat_id: ANNA }, { document: new File(['print(1)'], 'answer.py') })
  await bot.upload('sendVoice', { chat_id: ANNA }, { voice: new File(['OggS'], 'a.oga') })
  const album = await bot.upload<{ message_id: number }[]>(
    'sendMediaGroup',
    {
      chat_id: ANNA,
      media: [
        { type: 'photo', media: 'attach://one', caption: 'both' },
        { type: 'photo', media: 'attach://two' },
      ],
    },
    { one: png(), two: png() },
  )
  await article(photo.message_id).getByText('as asked').waitFor()
  const image = article(photo.message_id).getByRole('img', { name: 'Photo' })
  expect(await image.evaluate((shown) => shown.decode().then(() => shown.naturalWidth))).toBe(300)
  expect(await image.boundingBox()).toMatchObject({ width: 300, height: 200 })
  expect(await page.getByRole('link', { name: 'answer.py' }).getAttribute('download')).toBe('answer.py')
  expect(await page.locator('audio').count()).toBe(1)
  const ids = album.map(({ message_id }) => message_id)
  const first = article(ids[0] ?? 0)
  expect(await first.locator('img').count()).toBe(2)
  expect(await page.getByRole('article').count()).toBe(4)
  await picture(page, 'files')
  await bot.call('deleteMessage', { chat_id: ANNA, message_id: ids[1] })
  await first.locator('img').nth(1).waitFor({ state: 'detached' })
  await first.getByText('both').waitFor()
  expect(complaints).toEqual([])
})

test("the bot's reaction stands under the message until it is taken back", async () => {
  const { page, post, bot } = await open()
  await page.getByRole('link', { name: 'Reading club' }).click()
  const sent = await post(`/api/chats/${GROUP}/messages`, { from: ANNA, text: 'nice' })
  const [message_id] = (sent.body as unknown as { messageIds: number[] }).messageIds
  const react = (reaction: unknown[]) =>
    bot.call('setMessageReaction', { chat_id: GROUP, message_id, reaction })
  await react([{ type: 'emoji', emoji: '👍' }])
  await page.getByLabel('Reactions').getByText('👍').waitFor()
  await page.reload()
  await page.getByLabel('Reactions').getByText('👍').waitFor()
  await react([])
  await page.locator('.reaction').waitFor({ state: 'detached' })
})

test('on a phone a touch of a message shows what can be done with it', async () => {
  const { address, bot } = await openPlayground()
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  const { page } = await openPage(browser, address, phone)
  await page.getByRole('link', { name: 'Anna' }).tap()
  await bot.call('sendMessage', { chat_id: ANNA, text: 'touch me' })
  await page.getByText('touch me').last().tap()
  await page.getByRole('button', { name: 'Reply', exact: true }).tap()
  await page.getByText('Reply to Chatlane').waitFor()
})
