import { existsSync } from 'node:fs'
import { until } from '@chatlane/test-kit'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openMonitor, PASSWORD } from './open-monitor.ts'
import { openRedisLine } from './redis-line.ts'

const CHROMIUM = '/usr/bin/chromium'
/** No name resolves, so that nothing outside can make a test pass or fail. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

let browser: Browser
beforeAll(async () => {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`${CHROMIUM} is missing: install it with apt-get install chromium`)
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
})
afterAll(() => browser?.close())

/** A page that notes which hosts it asks and what the browser complains about (the Content-Security-Policy too). */
async function openPage(address: string) {
  const context = await browser.newContext({
    baseURL: address,
    httpCredentials: { username: 'admin', password: PASSWORD },
  })
  onTestFinished(() => context.close())
  const hosts = new Set<string>()
  const complaints: string[] = []
  context.on('request', (request) => hosts.add(new URL(request.url()).host))
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { page, hosts, complaints }
}

/** MONITOR_SCREENSHOTS names a folder for whoever wants to look at what the tests see. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.MONITOR_SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

test('a browser sees what Redis holds and asks no other host for anything', async () => {
  const { address, append, park } = await openMonitor()
  await append({ updates: 1000, chats: 1000 })
  await park(3)
  const { page, hosts, complaints } = await openPage(address)

  await page.goto('/')
  await page.getByText('1000 Jobs').waitFor()
  await page.getByText('3 Jobs').waitFor()
  await picture(page, 'overview')

  await page.getByRole('link', { name: 'inbox' }).first().click()
  await page.getByText('A job is a lane').waitFor()
  await page.getByText('#1000').waitFor()
  await picture(page, 'inbox')

  await page.goto('/queue/dead-letters?status=failed')
  await page.getByText('Telegram said 400').nth(2).waitFor()
  await picture(page, 'dead-letters')
  expect(await page.getByText('Retry all').count()).toBe(0)
  await page.goto('/queue/dead-letters/delivery-1-0-d0')
  await page.getByText('Telegram said 400').first().waitFor()
  await picture(page, 'dead-letter')

  expect([...hosts]).toEqual([new URL(address).host])
  expect(complaints).toEqual([])
})

test('with MONITOR_WRITE a browser retries dead letters', async () => {
  const { address, append, park } = await openMonitor({ write: true })
  await append({ updates: 1000, chats: 1000 })
  const { replayed } = await park(3)
  const { page, hosts, complaints } = await openPage(address)
  await page.goto('/queue/dead-letters?status=failed')
  await page.getByText('Telegram said 400').nth(2).waitFor()
  await picture(page, 'write')
  await page.getByText('Retry all').click()
  await picture(page, 'confirm')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await until(() => replayed.length === 3)
  await page.getByText('Telegram said 400').first().waitFor({ state: 'detached' })
  await picture(page, 'retried')
  expect([...hosts]).toEqual([new URL(address).host])
  expect(complaints).toEqual([])
})

test('a browser sees how far a broadcast is', async () => {
  const { address, jobs } = await openMonitor()
  await jobs.ensure({ bot: '1', broadcast: '1-1', total: 5000 })
  const job = await jobs.queue.getJob('1-1')
  const counts = { sent: 2062, blocked: 30, failed: 2, unknown: 6, skipped: 0 }
  await job?.updateProgress({ progress: 42, state: 'running', total: 5000, ...counts })
  const { page, complaints } = await openPage(address)
  await page.goto('/queue/broadcasts')
  await page.getByText('A job is a broadcast').waitFor()
  await page.getByText('42%').waitFor()
  await page.getByText('Progress', { exact: true }).click()
  await page.getByText('2062').waitFor()
  await picture(page, 'broadcast')
  expect(complaints).toEqual([])
})

test('an open page says that Redis went away, and shows the queues again when it is back', async () => {
  const line = await openRedisLine()
  const { address, append } = await openMonitor({ redisUrl: line.url })
  const { page } = await openPage(address)
  await page.goto('/')
  await page.getByText('0 Jobs').first().waitFor()
  await line.cut()
  await page.getByText('Redis is away').first().waitFor()
  await picture(page, 'away-open')
  await page.reload()
  await page.getByText('tries again every 5 seconds').waitFor()
  await picture(page, 'away')
  await line.mend()
  await append({ updates: 7, chats: 7 })
  await page.getByText('7 Jobs').waitFor()
})
