/** The catalogue of the installation's metrics: their names, types and meanings. */

/** What is known of a metric. */
export interface Metric {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
}

/** Every metric that is always there, in the order in which they are shown; 0 where nothing was counted yet. */
export const METRICS: Readonly<Record<string, Metric>> = {
  chatlane_updates_total: { type: 'counter', help: 'Updates that were made durable, without repeats.' },
  chatlane_shed_updates_total: {
    type: 'counter',
    help: 'Updates that were left out because too many of their chat waited.',
  },
  chatlane_backlog_updates: { type: 'gauge', help: 'Updates of a bot that wait or are being answered.' },
  chatlane_oldest_update_seconds: {
    type: 'gauge',
    help: 'Age of the oldest update that waits or is being answered; 0 without any.',
  },
  chatlane_lanes_waiting: { type: 'gauge', help: 'Lanes that have updates, waiting or being answered.' },
  chatlane_turns_in_progress: { type: 'gauge', help: 'Turns that are being answered now.' },
  chatlane_turn_seconds: { type: 'histogram', help: 'From the taking of a turn to its commit.' },
  chatlane_time_to_first_token_seconds: {
    type: 'histogram',
    help: 'From the request to the model to its first token.',
  },
  chatlane_deliveries_total: { type: 'counter', help: 'Deliveries that ended, by outcome.' },
  chatlane_previews_total: { type: 'counter', help: 'Calls that showed a reply in the making, by outcome.' },
  chatlane_deliveries_repeated_total: {
    type: 'counter',
    help: 'Deliveries that were sent again because the outcome of a try could not be learned.',
  },
  chatlane_delivery_late_seconds: {
    type: 'histogram',
    help: 'How long deliveries waited beyond what their budgets asked for.',
  },
  chatlane_chats_with_deliveries: { type: 'gauge', help: 'Chats that have deliveries to be sent.' },
  chatlane_chats_in_line: {
    type: 'gauge',
    help: 'Chats of a bot whose next call waits for its budget, or is under way.',
  },
  chatlane_bot_paused_seconds: {
    type: 'gauge',
    help: 'For how long Telegram wants no calls of a bot at all; 0 for not at all.',
  },
  chatlane_bot_slowed: {
    type: 'gauge',
    help: '1 where a bot’s rate is lowered, because Telegram answered slowly or with 429.',
  },
  chatlane_telegram_429_total: { type: 'counter', help: 'Times that Telegram asked to slow down.' },
  chatlane_dead_letters_total: { type: 'counter', help: 'Updates and deliveries that were given up.' },
  chatlane_dead_letters: { type: 'gauge', help: 'Dead letters that are kept now and can be replayed.' },
  chatlane_replays_total: { type: 'counter', help: 'Dead letters that were retried, by kind.' },
  chatlane_handler_reruns_total: {
    type: 'counter',
    help: 'Updates that ran through an author’s handler again: a worker died, or a session had changed.',
  },
  chatlane_handler_reruns_diverged_total: {
    type: 'counter',
    help: 'Of these, runs that left out calls of the run before and made others.',
  },
  chatlane_sessions_overwritten_total: {
    type: 'counter',
    help: 'Sessions that had changed meanwhile and were written all the same.',
  },
  chatlane_openrouter_tokens_total: { type: 'counter', help: 'Tokens that OpenRouter counted, by kind.' },
  chatlane_budget_spent_usd: {
    type: 'gauge',
    help: 'US dollars that a bot has spent on models this day and this month (UTC).',
  },
  chatlane_budget_spent_tokens: {
    type: 'gauge',
    help: 'Tokens that a bot has used this day and this month (UTC).',
  },
  chatlane_budget_reserved_usd: {
    type: 'gauge',
    help: 'US dollars that a bot’s requests under way may cost at most.',
  },
  chatlane_openrouter_faults_total: {
    type: 'counter',
    help: 'Requests that OpenRouter did not answer, or not to the end, by what went wrong.',
  },
  chatlane_openrouter_held_back_total: {
    type: 'counter',
    help: 'Questions that OpenRouter was not asked, because it is known not to answer or had no room, by what is wrong.',
  },
  chatlane_unreadable_updates_total: {
    type: 'counter',
    help: 'Updates that were passed over since they lacked what an answer needs.',
  },
  chatlane_summaries_total: {
    type: 'counter',
    help: 'Summaries of conversations that were begun, by outcome.',
  },
  chatlane_openrouter_breaker_open: {
    type: 'gauge',
    help: '1 for what is not asked now: the account, a model, or everything while OpenRouter’s own limit is waited out.',
  },
  chatlane_openrouter_slots_in_use: {
    type: 'gauge',
    help: 'Requests to models that are under way, where OPENROUTER_MAX_CONCURRENT bounds them.',
  },
  chatlane_openrouter_slots_waiting: { type: 'gauge', help: 'Questions that wait for such a slot.' },
  chatlane_openrouter_cost_usd_total: { type: 'counter', help: 'What OpenRouter charged, in US dollars.' },
  chatlane_redis_used_bytes: { type: 'gauge', help: 'Memory that Redis uses.' },
  chatlane_redis_limit_bytes: {
    type: 'gauge',
    help: 'Memory that Redis may use (maxmemory); 0 without a bound.',
  },
  chatlane_queue_jobs: { type: 'gauge', help: 'Jobs in the BullMQ queues, by queue and state.' },
}
