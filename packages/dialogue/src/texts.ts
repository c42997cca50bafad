/** Every text that the bot says by itself, in Russian and English. */

import { type Language, languageOf } from './language.ts'
import type { FaultCode, Memory, StreamingMode } from './ports.ts'

/** The texts of one language. */
export interface Texts {
  greeting: string
  help: string
  begunAnew: string
  unknownCommand: string
  textOnly: string
  notAllowed: string
  budgetSpent: string
  gaveUp: string
  brokenOff: string
  /** On the button under a reply that grows. */
  stopButton: string
  /** Notices after a press of it. */
  stopping: string
  alreadyDone: string
  onlyAuthorStops: string
  /** Answers `/stop`, and the press that has already stopped its turn. */
  stopped: string
  nothingToStop: string
  /** Stands for an answer that was stopped before it had a word. */
  stoppedEarly: string
  nothingToRetry: string
  /** How replies are shown, by mode. */
  streaming: Record<StreamingMode, string>
  streamingChoices: string
  onlyAdministratorsChoose: string
  draftsArePrivate: string
  faults: Record<FaultCode, string>
}

const RU: Texts = {
  greeting: 'Привет! Введите текст, чтобы отправить его на OpenRouter.',
  help: 'Напишите сообщение, и модель ответит с учётом предыдущих сообщений.\n\n/new — начать разговор заново\n/retry — ответить на последнее сообщение ещё раз\n/stop — остановить ответ\n/stream — как показывать ответы\n/help — эта подсказка',
  begunAnew: 'Начинаем заново: прежний разговор забыт.',
  unknownCommand: 'Такой команды нет. Посмотрите /help.',
  textOnly: 'Пока я читаю только текст. Напишите словами, пожалуйста.',
  notAllowed: 'Этот бот закрыт: вас нет в списке его пользователей.',
  budgetSpent: 'На сегодня средства бота исчерпаны. Попробуйте завтра.',
  gaveUp: 'Не получилось ответить на это сообщение. Следующее уже можно отправлять.',
  brokenOff: 'Ответ оборвался на этом месте.',
  stopButton: '⏹ Остановить',
  stopping: 'Останавливаю…',
  alreadyDone: 'Ответ уже завершён.',
  onlyAuthorStops: 'Остановить ответ может только тот, кто задал вопрос, или администратор.',
  stopped: 'Ответ остановлен.',
  nothingToStop: 'Сейчас останавливать нечего.',
  stoppedEarly: 'Остановлено раньше, чем модель начала отвечать.',
  nothingToRetry: 'Отвечать заново пока не на что: сначала напишите сообщение.',
  streaming: {
    edit: 'Ответы появляются в сообщении по мере того, как модель их пишет.',
    off: 'Ответы приходят сразу целиком, когда модель их дописала.',
    draft: 'Ответы появляются черновиком, пока модель пишет, а готовые приходят сообщением.',
  },
  streamingChoices:
    'Изменить:\n`/stream edit` — показывать сообщение, пока оно пишется\n`/stream draft` — показывать черновик (только в личных чатах)\n`/stream off` — присылать сразу целиком',
  onlyAdministratorsChoose: 'В группе это меняют только администраторы.',
  draftsArePrivate: 'Черновики бывают только в личных чатах. В группе выберите edit или off.',
  faults: {
    bad_key: 'Бот настроен неверно: OpenRouter не принимает его ключ. Владелец уже видит это в журнале.',
    no_credits: 'У бота закончились средства на OpenRouter. Владелец уже видит это в журнале.',
    key_limit: 'Лимит ключа OpenRouter исчерпан. Владелец уже видит это в журнале.',
    budget_in_flight: 'Сейчас слишком много запросов одновременно. Повторите через минуту.',
    rate_limited: 'Слишком много запросов к модели. Повторите через минуту.',
    upstream_rate_limited: 'Модель перегружена. Повторите через минуту.',
    moderated: 'Модель отказалась: запрос не прошёл модерацию.',
    context_too_long: 'Сообщение слишком длинное для модели. Сократите его или начните заново: /new',
    model_gone: 'Модель, на которую настроен бот, больше недоступна. Владелец уже видит это в журнале.',
    provider_down: 'Модель сейчас недоступна. Повторите через минуту.',
    bad_request: 'Модель не приняла запрос. Попробуйте сказать иначе или начните заново: /new',
    unreachable: 'OpenRouter сейчас недоступен. Повторите через минуту.',
    hung: 'Модель не ответила вовремя. Повторите, пожалуйста.',
    broken_stream: 'Связь с моделью оборвалась. Повторите, пожалуйста.',
    cut_off: 'Модель не договорила ответ. Повторите, пожалуйста.',
    empty: 'Модель прислала пустой ответ. Повторите, пожалуйста.',
  },
}

const EN: Texts = {
  greeting: 'Hello! Type a text to send it to OpenRouter.',
  help: 'Write a message, and the model answers with the earlier messages in mind.\n\n/new — begin the conversation anew\n/retry — answer the last message once more\n/stop — stop the answer\n/stream — how answers are shown\n/help — this help',
  begunAnew: 'A new beginning: the earlier conversation is forgotten.',
  unknownCommand: 'There is no such command. See /help.',
  textOnly: 'I can only read text for now. Please say it in words.',
  notAllowed: 'This bot is private: you are not on the list of its users.',
  budgetSpent: "The bot's budget for today is spent. Please try again tomorrow.",
  gaveUp: 'This message could not be answered. The next one can be sent already.',
  brokenOff: 'The answer broke off here.',
  stopButton: '⏹ Stop',
  stopping: 'Stopping…',
  alreadyDone: 'The answer is already finished.',
  onlyAuthorStops: 'Only the person who asked or an administrator can stop this answer.',
  stopped: 'The answer was stopped.',
  nothingToStop: 'There is nothing to stop right now.',
  stoppedEarly: 'Stopped before the model began to answer.',
  nothingToRetry: 'There is nothing to answer again yet. Write a message first.',
  streaming: {
    edit: 'Answers appear in a message while the model writes them.',
    off: 'Answers come whole, once the model has finished them.',
    draft: 'Answers appear as a draft while the model writes, and come as a message when they are done.',
  },
  streamingChoices:
    'To change it:\n`/stream edit` — show the message while it is written\n`/stream draft` — show a draft (private chats only)\n`/stream off` — send it whole',
  onlyAdministratorsChoose: 'In a group, only administrators can change this.',
  draftsArePrivate: 'Drafts exist in private chats only. In a group, choose edit or off.',
  faults: {
    bad_key: 'The bot is set up wrongly: OpenRouter does not accept its key. The owner sees this in the log.',
    no_credits: 'The bot has no credits left on OpenRouter. The owner sees this in the log.',
    key_limit: "The limit of the bot's OpenRouter key is used up. The owner sees this in the log.",
    budget_in_flight: 'Too many requests at once right now. Please try again in a minute.',
    rate_limited: 'Too many requests to the model. Please try again in a minute.',
    upstream_rate_limited: 'The model is overloaded. Please try again in a minute.',
    moderated: 'The model declined: the request did not pass moderation.',
    context_too_long: 'The message is too long for the model. Please shorten it or begin anew: /new',
    model_gone: 'The model that the bot is set to is no longer available. The owner sees this in the log.',
    provider_down: 'The model is not available right now. Please try again in a minute.',
    bad_request: 'The model did not accept the request. Please put it differently or begin anew: /new',
    unreachable: 'OpenRouter is not available right now. Please try again in a minute.',
    hung: 'The model did not answer in time. Please try again.',
    broken_stream: 'The connection to the model broke. Please try again.',
    cut_off: 'The model did not finish its answer. Please try again.',
    empty: 'The model sent an empty answer. Please try again.',
  },
}

/** The texts of `language`. */
export function textsIn(language: Language): Texts {
  return language === 'ru' ? RU : EN
}

/** The texts in the language that the chat was last spoken in. */
export function textsOf(memory: Memory): Texts {
  return textsIn(memory.settings.language ?? languageOf(undefined))
}
