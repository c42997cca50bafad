/** Reads what a poll is to be, as the Bot API server does (get_poll_options, process_send_poll_query). */
import type { Bot } from '../bot.ts'
import { badRequest } from '../bot-api-error.ts'
import { nowSeconds } from '../clock.ts'
import { isObject, type Params, readArray, readFlag, readInteger, readString } from '../params.ts'
import type { Poll } from '../poll-state.ts'
import { readFormatted } from './text-param.ts'

const MOST_QUESTION_CHARACTERS = 300
const MOST_OPTION_CHARACTERS = 100
const MOST_OPTIONS = 12

/** The poll of a call. Throws 400s. */
export function readPoll(bot: Bot, params: Params): Omit<Poll, 'id'> {
  const question = readText(readString(params, 'question') ?? '')
  const texts = readOptions(params)
  const type = readString(params, 'type') || 'regular'
  if (type !== 'regular' && type !== 'quiz') throw badRequest('unsupported poll type specified')
  if ([...question].length > MOST_QUESTION_CHARACTERS) {
    throw badRequest(`poll question length must not exceed ${MOST_QUESTION_CHARACTERS}`)
  }
  const isQuiz = type === 'quiz'
  return {
    question,
    options: texts.map((text, at) => ({ persistent_id: String(at), text, voter_count: 0 })),
    total_voter_count: 0,
    is_closed: readFlag(params, 'is_closed'),
    is_anonymous: params.is_anonymous === undefined || readFlag(params, 'is_anonymous'),
    type,
    allows_multiple_answers: readFlag(params, 'allows_multiple_answers'),
    allows_revoting: params.allows_revoting === undefined ? !isQuiz : readFlag(params, 'allows_revoting'),
    members_only: false,
    ...(isQuiz && readSolution(bot, params, texts.length)),
    ...readEnd(params),
  }
}

function readText(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw badRequest('text must be non-empty')
  return trimmed
}

function readOptions(params: Params): string[] {
  const given = readArray(params, 'options')
  if (given === undefined) throw badRequest("can't parse options JSON object")
  if (given.length === 0) throw badRequest('poll must have at least one answer option')
  if (given.length > MOST_OPTIONS) throw badRequest(`poll can't have more than ${MOST_OPTIONS} options`)
  return given.map((option) => {
    const text = readText(optionText(option))
    if ([...text].length > MOST_OPTION_CHARACTERS) {
      throw badRequest(`poll options length must not exceed ${MOST_OPTION_CHARACTERS}`)
    }
    return text
  })
}

function optionText(option: unknown): string {
  if (typeof option === 'string') return option
  const problem = isObject(option) ? 'Can\'t find field "text"' : 'Expected InputPollOption to be an Object'
  if (isObject(option) && typeof option.text === 'string') return option.text
  throw badRequest(`can't parse InputPollOption: ${problem}`)
}

/** Bot API 9.6 made a list of `correct_option_id`; a quiz with one correct option shows both. */
function readSolution(bot: Bot, params: Params, options: number): Record<string, unknown> {
  const one = readInteger(params, 'correct_option_id')
  const ids = readArray(params, 'correct_option_ids')?.map(Number) ?? (one === undefined ? [] : [one])
  if (ids.length === 0) throw badRequest('correct quiz option list must be non-empty')
  if (ids.some((id, at) => at > 0 && id <= (ids[at - 1] as number))) {
    throw badRequest('correct quiz option list must be increasing')
  }
  if (ids.some((id) => !(id >= 0 && id < options))) throw badRequest('wrong quiz correct_option_id')
  const { text, entities } = readFormatted(
    bot,
    {
      text: params.explanation,
      parse_mode: params.explanation_parse_mode,
      entities: params.explanation_entities,
    },
    'text',
  )
  return {
    correct_option_ids: ids,
    ...(ids.length === 1 && { correct_option_id: ids[0] }),
    ...(text !== '' && { explanation: text, explanation_entities: entities }),
  }
}

/** When it closes by itself is shown, and does not come to pass: tests decide about that. */
function readEnd(params: Params): Record<string, unknown> {
  const period = readInteger(params, 'open_period') ?? 0
  if (period > 0) return { open_period: period, close_date: nowSeconds() + period }
  const date = readInteger(params, 'close_date') ?? 0
  return date > 0 ? { open_period: date - nowSeconds(), close_date: date } : {}
}
