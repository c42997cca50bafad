/** What authors' code may import from the platform: `import { schedule } from 'chatlane'`. */
export type { LaneContext, LaneMessage, LaneRun, ModelAnswer } from './lane-run.ts'
export { type Schedule, type ScheduledRun, schedule, takeSchedules } from './schedule.ts'
