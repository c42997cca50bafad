// The first test of an author, as README.md shows it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBot } from 'chatlane-test'

test('the shop greets', async () => {
  await using bot = await openBot({ handlers: './bots/kiosk.js' })
  const anna = bot.person('Anna')
  await anna.says('/start')
  assert.equal(await anna.sees(), 'Welcome!')
})
