/** The catalogue of every environment variable: its shape, its default and its meaning, in one place for code and README. */
import { z } from 'zod'
import {
  addressList,
  flag,
  httpUrl,
  list,
  listOr,
  number,
  optionalPort,
  optionalWhole,
  text,
  textOr,
  urlOr,
  whole,
} from './setting-shapes.ts'
import { SPEND_SETTINGS } from './spend-settings.ts'

/** One environment variable: how its text becomes a value, and what the README says about it. */
export interface Setting<T> {
  /** Turns the raw text (or `undefined` where unset or empty) into the value; throws a ZodError otherwise. */
  schema: z.ZodType<T, string | undefined>
  /** What the README's table shows as the default. */
  shownDefault: string
  /** One line for the README's table. */
  meaning: string
  /** A secret's found value is never printed. */
  secret?: true
}

/** A prefix may have colons in it, a queue's name has none. */
function queueAddress(text: string): { prefix: string; name: string } {
  const at = text.lastIndexOf(':')
  return { prefix: at < 0 ? 'bull' : text.slice(0, at), name: text.slice(at + 1) }
}

const token = /^\d{1,20}:[A-Za-z0-9_-]{10,}$/
const tokenExpected = "a bot's token as @BotFather gives it (digits, a colon, letters)"

/** Every variable of the product. Apps pick the ones they use with `readSettings`. */
export const SETTINGS = {
  REDIS_URL: {
    schema: z
      .string()
      .optional()
      .refine(
        (found) => found === undefined || /^(rediss?|rediss?\+sentinel|rediss?\+cluster):\/\/.+/.test(found),
        {
          error: 'redis://, rediss://, redis+sentinel:// or redis+cluster://',
        },
      ),
    shownDefault: 'embedded',
    meaning:
      '`redis://`, `rediss://`, Sentinel (`redis+sentinel://host:26379,host:26379/name`) or Cluster (`redis+cluster://host:6379,host:6379`)',
    secret: true,
  },
  REDIS_PREFIX: {
    schema: z
      .string()
      .default('chatlane')
      .refine((found) => /^[A-Za-z0-9_.-]{1,64}$/.test(found), {
        error: '1 to 64 letters, digits, dots, dashes or underscores',
      }),
    shownDefault: '`chatlane`',
    meaning: 'so that several installations share a Redis',
  },
  REDIS_ALLOW_EVICTION: {
    schema: flag(false),
    shownDefault: '`false`',
    meaning:
      'start although Redis may evict keys (its policy is not `noeviction`): messages may then be lost',
  },
  LANE_SHARDS: {
    schema: whole({ min: 1, max: 64, fallback: 1 }),
    shownDefault: '1',
    meaning: 'into how many shards the lanes are spread; fixed at the first deployment',
  },
  TELEGRAM_BOT_TOKEN: {
    schema: z
      .string()
      .optional()
      .refine((found) => found === undefined || token.test(found), { error: tokenExpected }),
    shownDefault: '–',
    meaning: 'one bot',
    secret: true,
  },
  TELEGRAM_BOT_TOKENS: {
    schema: list.refine((found) => found.every((part) => token.test(part)), {
      error: `comma-separated tokens, each ${tokenExpected}`,
    }),
    shownDefault: '–',
    meaning: 'several bots, comma-separated',
    secret: true,
  },
  TELEGRAM_API_ROOT: {
    schema: urlOr('https://api.telegram.org'),
    shownDefault: '`https://api.telegram.org`',
    meaning: 'for a local Bot API server or a simulator',
  },
  TELEGRAM_WEBHOOK_SECRET: {
    schema: z
      .string()
      .optional()
      .refine((found) => found === undefined || /^[A-Za-z0-9_-]{1,256}$/.test(found), {
        error: '1 to 256 letters, digits, dashes or underscores',
      }),
    shownDefault: 'derived from the token',
    meaning: 'what Telegram sends in `X-Telegram-Bot-Api-Secret-Token`',
    secret: true,
  },
  WEBHOOK_SOURCES: {
    schema: addressList(['telegram']),
    shownDefault: 'anywhere',
    meaning:
      'comma-separated addresses and ranges from which updates are taken, all others are answered 403; `telegram` stands for those that Telegram names',
  },
  TRUSTED_PROXIES: {
    schema: addressList(),
    shownDefault: 'none',
    meaning:
      'comma-separated addresses and ranges of proxies that are believed when they say for whom they ask (`X-Forwarded-For`)',
  },
  PUBLIC_URL: {
    schema: z
      .string()
      .optional()
      .refine(httpUrl('url', ['https:', 'http:']), { error: 'the https origin of the gateway' })
      .transform((found) => found?.replace(/\/+$/, '')),
    shownDefault: '–',
    meaning: 'https origin of the gateway; when set, the webhook is registered at the start',
  },
  UPDATES: {
    schema: z.enum(['webhook', 'polling'], { error: 'webhook or polling' }).optional(),
    shownDefault: '`webhook` where `PUBLIC_URL` is set, else `polling`',
    meaning:
      'how the gateway receives updates. `webhook` without `PUBLIC_URL` listens without registering (`TELEGRAM_WEBHOOK_SECRET` must then be given)',
  },
  DROP_PENDING_UPDATES: {
    schema: flag(false),
    shownDefault: '`false`',
    meaning:
      'skip what arrived while no gateway of the bot was alive for two minutes; never at a takeover or a rolling restart',
  },
  OPENROUTER_API_KEY: { schema: text(), shownDefault: '–', meaning: 'the key of OpenRouter', secret: true },
  OPENROUTER_BASE_URL: {
    schema: urlOr('https://openrouter.ai/api/v1'),
    shownDefault: '`https://openrouter.ai/api/v1`',
    meaning: 'for a proxy or a simulator',
  },
  OPENROUTER_MODEL: {
    schema: textOr('openai/gpt-4o-mini'),
    shownDefault: '`openai/gpt-4o-mini`',
    meaning: 'the model',
  },
  OPENROUTER_FALLBACK_MODELS: {
    schema: list,
    shownDefault: 'none',
    meaning:
      'comma-separated models that are tried after it: by OpenRouter before the first word, by the worker after it',
  },
  MODELS: {
    schema: list,
    shownDefault: 'none',
    meaning:
      'which of OpenRouter’s models a chat may choose with `/model`, comma-separated: ids, or patterns such as `openai/*` and `*:free`; with none, `OPENROUTER_MODEL` answers everywhere',
  },
  TRANSCRIPTION_MODEL: {
    schema: textOr('openai/whisper-1'),
    shownDefault: '`openai/whisper-1`',
    meaning:
      'the model that writes down voice messages and sounds where the chat’s model does not hear them; `off`: none does',
  },
  SUMMARY_MODEL: {
    schema: text(),
    shownDefault: '`OPENROUTER_MODEL` and its fallbacks',
    meaning:
      'the model that sums up the oldest part of a conversation before it has no room any more; `off`: it is forgotten',
  },
  OPENROUTER_IDLE_TIMEOUT_SECONDS: {
    schema: number({ above: 0, fallback: 60 }),
    shownDefault: '60',
    meaning: 'a request that has brought nothing for so long is given up',
  },
  OPENROUTER_CONTINUE_MODELS: {
    // https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6: none from 4.6 on.
    schema: listOr('anthropic/claude-3*,anthropic/claude-*-4,anthropic/claude-*-4.1,anthropic/claude-*-4.5'),
    shownDefault: 'Claude models before 4.6',
    meaning:
      'comma-separated models (`*` stands for any text) that go on with an answer that broke off where it ended; others answer anew. `none`: all do',
  },
  OPENROUTER_MAX_CONCURRENT: {
    schema: optionalWhole({ min: 1, max: 100_000 }),
    shownDefault: 'none',
    meaning:
      'so many requests to models are under way at once over all workers; further questions wait in order, for half a minute at most',
  },
  OPENROUTER_BREAKER_FAULTS: {
    schema: whole({ min: 1, max: 10_000, fallback: 10 }),
    shownDefault: '10',
    meaning:
      'after so many faults of a model or of the connection within a minute, and no answer between them, questions are not sent there but told at once, or answered by a fallback, while now and then one probes',
  },
  OPENROUTER_APP_URL: {
    schema: z
      .string()
      .optional()
      .refine(httpUrl('url', ['http:', 'https:']), { error: 'an http or https URL' }),
    shownDefault: 'none',
    meaning: 'the page of your bot, for OpenRouter’s rankings (`HTTP-Referer`)',
  },
  OPENROUTER_APP_TITLE: {
    schema: textOr('Chatlane').refine((found) => /^[\x20-\x7e]{1,100}$/.test(found), {
      error: 'up to 100 Latin letters, digits and signs',
    }),
    shownDefault: '`Chatlane`',
    meaning: 'what OpenRouter’s rankings call your bot (`X-OpenRouter-Title`)',
  },
  SYSTEM_PROMPT: {
    schema: textOr(
      'You are a helpful assistant in a Telegram chat. Answer in the language of the user, clearly and without padding.',
    ),
    shownDefault: 'a short neutral one',
    meaning: 'what the model is told before every conversation, unless a chat has its own (`/system`)',
  },
  SYSTEM_PROMPT_FIXED: {
    schema: flag(false),
    shownDefault: '`false`',
    meaning: '`true`: no chat may have a system prompt of its own',
  },
  TEXTS: {
    schema: text(),
    shownDefault: 'none',
    meaning:
      'a folder with `ru.json` or `en.json`: what the bot says in other words than its own (`packages/dialogue/texts`), key by key',
  },
  CONTEXT_MAX_TOKENS: {
    schema: whole({ min: 100, max: 10_000_000, fallback: 8000 }),
    shownDefault: '8000',
    meaning: 'how much of a chat is sent to the model with each message, in tokens',
  },
  CONTEXT_TTL_SECONDS: {
    schema: whole({ min: 1, max: 10 ** 10, fallback: 2_592_000 }),
    shownDefault: '2592000',
    meaning: 'how long a chat is remembered after its last message (30 days)',
  },
  BACKLOG_UPDATES: {
    schema: whole({ min: 1, max: 100_000_000, fallback: 200_000 }),
    shownDefault: '200000',
    meaning:
      'so many updates may wait in all: beyond it the gateway answers 503 with `Retry-After`, or stops asking, and Telegram keeps what comes',
  },
  BACKLOG_UPDATES_BOT: {
    schema: whole({ min: 1, max: 100_000_000, fallback: 100_000 }),
    shownDefault: '100000',
    meaning: 'so many of one bot: beyond it the same, for this bot alone',
  },
  BACKLOG_UPDATES_CHAT: {
    schema: whole({ min: 1, max: 1_000_000, fallback: 500 }),
    shownDefault: '500',
    meaning:
      'so many of one chat (or topic): what people write and tap beyond it is left out until half is answered; the chat is told so once',
  },
  BACKLOG_BYTES_CHAT: {
    schema: whole({ min: 1024, max: 1_000_000_000, fallback: 4_194_304 }),
    shownDefault: '4194304',
    meaning: 'and so many bytes',
  },
  MERGE_WINDOW_MS: {
    schema: whole({ min: 0, max: 60_000, fallback: 300 }),
    shownDefault: '300',
    meaning:
      'messages of one sender that follow each other within this quiet window become one turn with one reply; commands never wait. 0: each message has its own turn. An album is one turn, also at 0',
  },
  STREAMING: {
    schema: z.enum(['edit', 'off', 'draft'], { error: 'edit, off or draft' }).default('edit'),
    shownDefault: '`edit`',
    meaning:
      'how a reply is shown while the model writes it, unless a chat chose otherwise with `/stream`: `edit` (a message that grows), `off`, or `draft` (Telegram’s drafts; in private chats)',
  },
  WORKER_CONCURRENCY: {
    schema: whole({ min: 1, max: 10_000, fallback: 100 }),
    shownDefault: '100',
    meaning: 'chats answered at once in one worker process',
  },
  ...SPEND_SETTINGS,
  TELEGRAM_LIMIT_PER_SECOND: {
    schema: number({ above: 0, fallback: 30 }),
    shownDefault: '30',
    meaning: 'calls of one bot in any second',
  },
  TELEGRAM_LIMIT_CHAT_PER_SECOND: {
    schema: number({ above: 0, fallback: 1 }),
    shownDefault: '1',
    meaning: 'what refills the bucket of 3 calls that a private chat has, a second',
  },
  TELEGRAM_LIMIT_GROUP_PER_MINUTE: {
    schema: whole({ min: 1, max: 1_000_000, fallback: 20 }),
    shownDefault: '20',
    meaning: 'calls to one group in any 60 seconds',
  },
  BIND_HOST: {
    schema: textOr('127.0.0.1'),
    shownDefault: '`127.0.0.1` (`0.0.0.0` in the image)',
    meaning: 'the address that every service listens on',
  },
  PORT: {
    schema: optionalPort,
    shownDefault: '–',
    meaning: "the gateway's port where `GATEWAY_PORT` is unset",
  },
  GATEWAY_PORT: { schema: optionalPort, shownDefault: '`PORT` or 3000', meaning: "the gateway's port" },
  MONITOR_PORT: { schema: optionalPort, shownDefault: '3001', meaning: "the monitor's port" },
  PLAYGROUND_PORT: { schema: optionalPort, shownDefault: '3002', meaning: "the playground's port" },
  PLAYGROUND_MODEL: {
    schema: z.enum(['simulated', 'real'], { error: 'simulated or real' }).default('simulated'),
    shownDefault: '`simulated`',
    meaning: 'whether the playground simulates the model too',
  },
  WORKER_METRICS_PORT: {
    schema: optionalPort,
    shownDefault: '0: any free port, logged (9464 in the image)',
    meaning: '`/healthz`, `/readyz` and `/metrics` of a worker',
  },
  SENDER_METRICS_PORT: {
    schema: optionalPort,
    shownDefault: '0: any free port, logged (9464 in the image)',
    meaning: '`/healthz`, `/readyz` and `/metrics` of a sender',
  },
  MONITOR_USER: { schema: textOr('admin'), shownDefault: '`admin`', meaning: 'who may see the monitor' },
  MONITOR_PASSWORD: {
    schema: text(),
    shownDefault: 'none',
    meaning: 'its password; with none the monitor listens on loopback only and refuses any other address',
    secret: true,
  },
  MONITOR_WRITE: {
    schema: flag(false),
    shownDefault: '`false`',
    meaning: 'whether Bull Board may retry, remove and pause, and `POST /broadcasts` may send',
  },
  BOARD_QUEUES: {
    schema: list
      .refine((found) => found.every((part) => /^(\S+:)?[^\s:]+$/.test(part)), {
        error:
          'comma-separated names of queues, each with its prefix and a colon before it unless that is bull',
      })
      .transform((found) => found.map(queueAddress)),
    shownDefault: 'none',
    meaning:
      'other BullMQ queues in the same Redis that Bull Board shows beside ours, comma-separated: `name` where the prefix is `bull`, else `prefix:name`',
  },
  HANDLERS: {
    schema: list,
    shownDefault: 'none',
    meaning:
      "a module of the bot author's Telegraf code; with several bots `<bot id>=<module>`, comma-separated, gives each its own",
  },
  ASSISTANT: {
    schema: z.enum(['on', 'off'], { error: 'on or off' }).default('on'),
    shownDefault: '`on`',
    meaning: '`off` needs no OpenRouter key',
  },
  HANDLER_TIMEOUT_SECONDS: {
    schema: whole({ min: 1, max: 1_000_000, fallback: 900 }),
    shownDefault: '900',
    meaning: 'how long a handler may take before `ctx.signal` aborts',
  },
  SESSION_TTL_SECONDS: {
    schema: z
      .string()
      .optional()
      .refine((found) => found === undefined || (/^\d{1,9}$/.test(found) && +found > 0), {
        error: 'a whole number from 1 to 999999999',
      })
      .transform((found) => (found === undefined ? undefined : Number(found))),
    shownDefault: 'none',
    meaning: 'how long a session is kept after its last change; with none, for ever',
  },
  ALLOWED_UPDATES: {
    schema: list.refine((found) => found.every((part) => /^[a-z_]{1,64}$/.test(part)), {
      error: 'comma-separated kinds of updates, as the Bot API names them',
    }),
    shownDefault: 'what the assistant needs; with `HANDLERS` all',
    meaning: 'which kinds of updates are asked for, comma-separated',
  },
  API_PORT: {
    schema: optionalPort,
    shownDefault: 'none (off)',
    meaning: 'on it the gateway takes calls as the Bot API does',
  },
  API_HOST: {
    schema: textOr('127.0.0.1'),
    shownDefault: '`127.0.0.1`',
    meaning: 'the address that `API_PORT` is opened on; whoever can reach it and knows a token may call',
  },
  LOG_LEVEL: {
    schema: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'trace, debug, info, warn, error, fatal or silent',
      })
      .default('info'),
    shownDefault: '`info`',
    meaning: 'how much is logged',
  },
} satisfies Record<string, Setting<unknown>>

/** The name of a variable. */
export type SettingName = keyof typeof SETTINGS
/** The value of a variable after validation. */
export type SettingValue<N extends SettingName> = z.output<(typeof SETTINGS)[N]['schema']>
