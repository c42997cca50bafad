/** The command that looks at an installation and says what to do. Ends with 1 where something does not work. */
import { openTerminal, readArguments, runCommand, UsageError } from '@chatlane/command'
import { ConfigurationError } from '@chatlane/runtime'
import { checkOpenRouter } from './check-openrouter.ts'
import { checkRedis } from './check-redis.ts'
import { checkTelegram } from './check-telegram.ts'
import { type DoctorConfig, readConfig } from './config.ts'
import { bad, type Finding, findingLines, good } from './finding.ts'

const USAGE = `Looks at the settings, Redis, the bots and OpenRouter, changes nothing, and says what to do.

  pnpm doctor           ✓ as it should be, ! could be better, ✗ does not work (ends with 1)
  pnpm doctor --json    the same as JSON
`

async function main(): Promise<boolean> {
  const { values, positionals } = readArguments(process.argv.slice(2), {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  const [more] = positionals
  if (more !== undefined) throw new UsageError(`${more} is one argument too many`)
  const terminal = openTerminal()
  if (values.help) {
    terminal.say(USAGE)
    return true
  }
  const findings = await examine()
  const lines = values.json ? [JSON.stringify(findings, undefined, 2)] : findings.flatMap(findingLines)
  for (const line of lines) terminal.say(line)
  return findings.every(({ level }) => level !== 'bad')
}

async function examine(): Promise<Finding[]> {
  let config: DoctorConfig
  try {
    config = readConfig()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map((problem) => bad(problem, 'mend it in the environment or in .env'))
  }
  const found = await Promise.all([
    checkRedis(config.redisUrl, config),
    checkTelegram(config.tokens, config),
    checkOpenRouter(config.openRouter),
  ])
  return [good('every setting can be read'), ...found.flat()]
}

await runCommand(main)
