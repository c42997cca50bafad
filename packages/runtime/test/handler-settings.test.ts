import { expect, test } from 'vitest'
import { handlerFiles, handlerProblems } from '../src/handler-settings.ts'
import { readSettings } from '../src/read-settings.ts'
import { BOT_SETTINGS } from '../src/service-settings.ts'

const TOKENS = '1:AAAAAAAAAAAA,2:BBBBBBBBBBBB'
const read = (HANDLERS: string) =>
  readSettings({ TELEGRAM_BOT_TOKENS: TOKENS, HANDLERS }, [...BOT_SETTINGS, 'HANDLERS'])

test('one module serves every bot', () => {
  expect([...handlerFiles(read('./bot.js'))]).toEqual([
    ['1', './bot.js'],
    ['2', './bot.js'],
  ])
  expect(handlerFiles(read('')).size).toBe(0)
})

test('each bot may have its own, and the others none or a common one', () => {
  expect([...handlerFiles(read('2=./game.js'))]).toEqual([['2', './game.js']])
  expect([...handlerFiles(read('./bot.js, 2=./game.js'))]).toEqual([
    ['1', './bot.js'],
    ['2', './game.js'],
  ])
})

test('a module for a stranger, and two for all, are told', () => {
  expect(handlerProblems(read('3=./x.js'))).toEqual([
    'HANDLERS: found 3=./x.js, expected the id of one of the bots',
  ])
  expect(handlerProblems(read('./a.js,./b.js'))).toHaveLength(1)
  expect(handlerProblems(read('1=./a.js,2=./b.js'))).toEqual([])
})
