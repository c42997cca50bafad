/** A real Prometheus beside a running installation. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import type { ServiceProcess } from '../e2e/service-process.ts'

/** One series of an answer. */
export interface Sample {
  labels: Record<string, string>
  value: number
}

/** A Prometheus that scrapes every two seconds, and looks at its rules once a second. */
export interface Prometheus {
  /** What the query comes to now. Rejects where Prometheus does not understand it. */
  query(expression: string): Promise<Sample[]>
}

interface Answer {
  status: string
  error?: string
  data?: { result: { metric: Record<string, string>; value: [number, string] }[] }
}

/**
 * Starts it over `services`, under the names of the jobs that dashboards and alerts count on; it ends with the test.
 * `rules`: the text of a file of rules.
 */
export async function openPrometheus(services: readonly ServiceProcess[], rules = ''): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
  const jobs = await Promise.all(
    services.map(async ({ name, address }) => ({ name, target: new URL(await address).host })),
  )
  const scrapes = Array.from(
    Map.groupBy(jobs, ({ name }) => name),
    ([name, targets]) => ({
      job_name: `chatlane-${name}`,
      static_configs: [{ targets: targets.map(({ target }) => target) }],
    }),
  )
  const config = join(folder, 'prometheus.json')
  // JSON is YAML.
  writeFileSync(join(folder, 'rules.yml'), rules)
  // A service may take a second to find out that Redis does not answer.
  const global = { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '1s' }
  writeFileSync(config, JSON.stringify({ global, rule_files: ['rules.yml'], scrape_configs: scrapes }))
  const child = spawn('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.level=info',
  ])
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })
  const url = await addressOf(child)
  const query = async (expression: string) => {
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`)
    const { status, error, data } = (await answer.json()) as Answer
    if (status !== 'success' || !data) throw new Error(`${expression}: ${error}`)
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }
  await until(async () => {
    const up = await query('up == 1').catch(() => [])
    return up.length === services.length
  })
  return { query }
}

/** Where it listens: it says so on stderr. */
function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const [, address] = /"Listening on" address=(\S+)/.exec(said) ?? []
    if (address) resolve(`http://${address}`)
  })
  child.once('error', () =>
    reject(new Error('prometheus is missing: install it with apt-get install prometheus')),
  )
  child.once('exit', (code) => reject(new Error(`prometheus ended with ${code}:\n${said}`)))
  return promise
}
