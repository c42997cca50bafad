/** The worker: takes turns and lets the assistant answer them. Wires its parts together. */
import { createBotCalls } from '@chatlane/bot-calls'
import { createSpend, isBounded } from '@chatlane/chats'
import { createTextBook, STANDARD_WEIGHTS } from '@chatlane/dialogue'
import { surviveStrayErrors } from '@chatlane/handlers'
import {
  consumeInboxes,
  createAudience,
  createBudgets,
  createCalls,
  createChatLetters,
  createDeadLetters,
  createHomes,
  createInbox,
  createKeys,
  createOutbox,
  createReadyOutbox,
  createStops,
  createTaps,
  createWakes,
  laneText,
  openMailbox,
  sweepInboxes,
} from '@chatlane/lanes'
import { continueAnswers, continuing, createModelCatalogue, learnTokens } from '@chatlane/openrouter'
import {
  closeRedis,
  connectRedis,
  createLog,
  createTally,
  isLoopback,
  requireNoEviction,
  runService,
  startProbeServer,
  stopInStages,
  watchRedis,
} from '@chatlane/runtime'
import { createBotApi, createFileDownloads } from '@chatlane/telegram'
import { askAdministrators } from './administrators.ts'
import { createAssistants } from './assistants.ts'
import { createBots } from './bots.ts'
import { showCommandMenu } from './command-menu.ts'
import { readConfig } from './config.ts'
import { createReplay, parkTurn } from './dead-turns.ts'
import { createByteRoom } from './files/byte-room.ts'
import { createFileCache } from './files/file-cache.ts'
import { guardOpenRouter } from './guard-open-router.ts'
import { createHandlerHost } from './handlers/handler-host.ts'
import { loadBotHandlers } from './handlers/load-bot-handlers.ts'
import { runSchedules } from './handlers/schedules.ts'
import { giveUpTurn, runTurn, type TurnParts } from './run-turn.ts'
import { followStops } from './running-turns.ts'
import { createSpending } from './spending.ts'
import { createSummaries } from './summaries.ts'

/** A turn that failed so often is given up. */
const MAX_TRIES = 5
/** What prompts with files may hold at once, in bytes. */
const PROMPT_FILES_BYTES = 256 * 1024 * 1024
/** So many updates of one sender may be answered as one. */
const MOST_MERGED = 20

await runService(async () => {
  const config = readConfig()
  const log = createLog({ service: 'worker', level: config.logLevel })
  const isForAnyone = [...config.bots.values()].some(
    ({ isAssistantOn, allowedUsers, spendLimits }) =>
      isAssistantOn && allowedUsers.size === 0 && !isBounded(spendLimits),
  )
  if (isForAnyone && !isLoopback(new URL(config.openRouter.baseUrl).hostname)) {
    log.warn('neither ALLOWED_USERS nor BUDGET_USD_PER_DAY is set: anyone may spend your OpenRouter credits')
  }
  const redis = connectRedis({ url: config.redisUrl, patience: 'patient', log })
  await requireNoEviction(redis, config.allowEviction)
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  const wakes = createWakes({ redis, keys, onError: (error) => log.debug({ err: error }, 'the queues') })
  const isHandled = (botId: string) => config.handlers.has(botId)
  const inbox = createInbox({
    redis,
    keys,
    rules: {
      quietMs: config.quietMs,
      maxTries: MAX_TRIES,
      // An author's handler gets one update at a time, and none of them waits for others to come.
      mostItems: (botId) => (isHandled(botId) ? 1 : MOST_MERGED),
    },
  })
  const outbox = createOutbox({ redis, keys })
  const homes = createHomes({ redis, keys })
  const deadLetters = createDeadLetters({ redis, keys, log })
  const tally = createTally({ redis, key: keys.ofShard(0, 'tally') })
  const api = createBotApi({ apiRoot: config.apiRoot })
  const budgets = createBudgets({ redis, keys, limits: config.limits })
  const bots = createBots({ redis, keys, api, tokens: config.tokens })
  const spend = (botId: string) => createSpend({ redis, keyPrefix: keys.bot(botId) })
  const texts = createTextBook(config.texts)
  const guarded = await guardOpenRouter({ config, redis, keys, tally, log })
  const openRouter = continueAnswers(guarded.openRouter, { models: config.continueModels })
  const catalogue = createModelCatalogue({ redis, key: keys.ofShard(0, 'models'), openRouter, log })
  const learning = learnTokens({
    ...{ redis, log, standard: STANDARD_WEIGHTS },
    keyOf: (model) => keys.ofShard(0, `tokens:${model}`),
  })
  const assistants = createAssistants({
    ...{ texts, catalogue },
    bots: config.bots,
    contextTtlSeconds: config.contextTtlSeconds,
  })
  const spending = createSpending({
    ...{ redis, keys, spend, catalogue, openRouter, tally, log },
    limits: (botId) => assistants(botId).spendLimits,
    botIds: config.tokens.keys(),
  })
  const files = createFileCache({
    downloads: createFileDownloads({ apiRoot: config.apiRoot, api }),
    token: bots.token,
  })
  // The first turns find it read.
  void catalogue.all()
  const readyOutbox = createReadyOutbox({ budgets, wakes })
  const mailbox = await openMailbox({ redis, keys })
  const calls = createCalls({ redis, keys, mailbox, budgets, readyOutbox, log })
  const botCalls = createBotCalls({ calls, homes, budgets })
  if (config.handlers.size > 0) surviveStrayErrors(log)
  const host = createHandlerHost({ botCalls, tokens: config.tokens, log })
  const handlers = await loadBotHandlers({ ...config, host })
  const taps = createTaps({ redis, keys })
  const administrators = askAdministrators({ api, homes, token: bots.token })
  const running = await followStops({ stops: createStops({ redis, keys }), log })
  const model = { openRouter, catalogue, learning, spending, tally, log }
  const summaries = createSummaries({ redis, keys, model, assistants, texts, tally, log })
  const turnParts: TurnParts = {
    redis,
    keys,
    bots,
    assistants,
    texts,
    canContinue: continuing(config.continueModels),
    model,
    spend,
    summaries,
    previews: { outbox, readyOutbox, log },
    files: {
      ...{ cache: files, room: createByteRoom(PROMPT_FILES_BYTES) },
      ...{ openRouter, catalogue, spending, tally, log },
    },
    signs: { api, homes, budgets, token: bots.token, log },
    forgetting: {
      redis,
      keys,
      letters: createChatLetters({ redis, keys, deadLetters }),
      outbox,
      readyOutbox,
    },
    presses: {
      ...{ redis, keys, api, homes, inbox, outbox, administrators, readyOutbox, log },
      token: bots.token,
      contextTtlSeconds: config.contextTtlSeconds,
    },
    audience: createAudience({ redis, keys }),
    administrators,
    running,
    taps,
    contextTtlSeconds: config.contextTtlSeconds,
    tally,
    handlers: {
      redis,
      keys,
      homes,
      tally,
      log,
      host,
      botCalls,
      deadLetters,
      handlersOf: (botId) => handlers.byBot.get(botId),
      timeoutMs: config.handlerTimeoutMs,
      ttlSeconds: config.sessionTtlSeconds,
    },
  }
  const consumer = consumeInboxes({
    redis,
    keys,
    inbox,
    wakes,
    log,
    concurrency: config.concurrency,
    isHeldBack: ({ botId }) => budgets.get(botId)?.isOverbooked() ?? Promise.resolve(false),
    answer: (turn) => runTurn(turnParts, turn),
    async giveUp(turn) {
      log.error({ lane: laneText(turn.lane), tries: turn.tries }, 'a turn was given up')
      await parkTurn({ deadLetters, inbox }, turn)
      return giveUpTurn(turnParts, turn)
    },
    readyOutbox,
  })
  const schedules =
    config.handlers.size === 0
      ? undefined
      : await runSchedules({
          redis,
          keys,
          schedules: handlers.schedules,
          botIds: config.handlers.keys(),
          within: host.withinRun,
          log,
        })
  const replaying = deadLetters.serve(createReplay({ inbox, wakes, outbox, readyOutbox }))
  const sweeper = sweepInboxes({ redis, keys, wakes, log })
  const tapKeeper = taps.giveUp({
    botIds: config.tokens.keys(),
    log,
    async answer(botId, id) {
      const payload = { callback_query_id: id }
      await api.call(bots.token(botId), 'answerCallbackQuery', payload, { timeoutMs: 5000 })
    },
  })
  const health = watchRedis({ redis })
  const { server, address } = await startProbeServer({
    host: config.host,
    port: config.metricsPort,
    isReady: async () => (await health.ask()) !== 'away',
    holds: {
      chatlane_worker_turns: {
        help: 'Turns that this process is answering now',
        value: consumer.turnsInProgress,
      },
      chatlane_worker_slots: {
        help: 'Turns that this process answers at once (WORKER_CONCURRENCY)',
        value: () => config.concurrency,
      },
    },
  })
  for (const [botId, token] of config.tokens) {
    // An author's bot has commands of its own.
    if (config.bots.get(botId)?.isAssistantOn && !isHandled(botId))
      void showCommandMenu({ redis, keys, api, texts, log }, { botId, token })
  }
  log.info({ address, bots: [...budgets.keys()] }, 'worker works')
  return {
    log,
    running: {
      stop: () =>
        stopInStages(log, [
          { what: 'turns', stop: () => [consumer.stop(), schedules?.stop()], withinMs: 16_000 },
          {
            what: 'what goes on beside turns',
            stop: () => [summaries, replaying, sweeper, tapKeeper, running].map((each) => each.stop()),
            withinMs: 2000,
          },
          {
            what: 'handlers',
            stop: () => Array.from(new Set(handlers.byBot.values()), (each) => each.stop()),
          },
          { what: 'calls', stop: () => [calls.stop(), mailbox.stop(), guarded.stop()] },
          { what: 'sums', stop: () => [spending.stop(), learning.stop(), tally.stop(), health.stop()] },
          { what: 'connections', stop: () => [files.close(), api.close(), server.close()] },
          { what: 'queues', stop: () => [wakes.close(), deadLetters.close()], withinMs: 500 },
          { what: 'Redis', stop: () => [closeRedis(redis)], withinMs: 1500 },
        ]),
    },
  }
})
