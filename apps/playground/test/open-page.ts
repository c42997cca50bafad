/** The playground's page in a browser, with an eye on what the browser asks for and complains about. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const CHROMIUM = '/usr/bin/chromium'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // No name resolves, so that nothing outside can make a test pass or fail.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

/** Starts the browser of a test file. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`${CHROMIUM} is missing: install it with apt-get install chromium`)
  }
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
}

/** Opens the page; call inside a test. */
export async function openPage(browser: Browser, address: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 760 }, ...options })
  onTestFinished(() => context.close())
  const hosts = new Set<string>()
  const complaints: string[] = []
  context.on('request', (request) => hosts.add(new URL(request.url()).host))
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(address)
  await page.getByRole('link', { name: 'Anna' }).waitFor()
  return { page, hosts, complaints }
}

/** PLAYGROUND_SCREENSHOTS names a folder for whoever wants to look at what the tests see. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PLAYGROUND_SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}
