/** Tests of a bot as it runs on the platform: real services and a real Redis, Telegram and the model simulated. */
export type { Group, GroupOptions } from './group.ts'
export { NotSeenError } from './not-seen-error.ts'
export { type OpenBotOptions, openBot, type TestBot } from './open-bot.ts'
export type { FileToSend, Person, PersonOptions, Where } from './person.ts'
export { ScheduleRunError } from './schedule-run-error.ts'
