// What the quiz keeps: games, who plays them, and what they have answered.
const fs = require('node:fs')
const path = require('node:path')
const { DatabaseSync } = require('node:sqlite')

const DATA = process.env.QUIZ_DATA || './data'

fs.mkdirSync(DATA, { recursive: true })
const db = new DatabaseSync(path.join(DATA, 'quiz.db'), { timeout: 10_000 })
db.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS games (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    asked_id INTEGER NOT NULL,        -- the /quiz that began it
    host_id INTEGER NOT NULL,
    host TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    round INTEGER NOT NULL DEFAULT 0, -- 0: people join; beyond "rounds": it is over
    message_id INTEGER,
    ends_at INTEGER,
    changed_at INTEGER,               -- none: the message shows how it stands
    UNIQUE (chat_id, asked_id)
  );
  CREATE TABLE IF NOT EXISTS players (game_id INTEGER, user_id INTEGER, name TEXT, PRIMARY KEY (game_id, user_id));
  CREATE TABLE IF NOT EXISTS answers (
    game_id INTEGER, round INTEGER, user_id INTEGER, choice TEXT NOT NULL, is_right INTEGER NOT NULL,
    PRIMARY KEY (game_id, round, user_id)
  );
`)

exports.openGame = db.prepare('SELECT * FROM games WHERE chat_id = ? AND asked_id <> ? AND round <= rounds')
exports.addGame = db.prepare(`
  INSERT OR IGNORE INTO games (chat_id, asked_id, host_id, host, rounds, seconds) VALUES (?, ?, ?, ?, ?, ?)`)
exports.askedGame = db.prepare('SELECT * FROM games WHERE chat_id = ? AND asked_id = ?')
exports.findGame = db.prepare('SELECT * FROM games WHERE id = ?')
exports.setMessage = db.prepare('UPDATE games SET message_id = ? WHERE id = ?')
exports.toRound = db.prepare(
  'UPDATE games SET round = ?, ends_at = ?, changed_at = ? WHERE id = ? AND round = ?',
)
exports.endRound = db.prepare('UPDATE games SET ends_at = 0 WHERE id = ? AND round = ?')
exports.setShown = db.prepare('UPDATE games SET changed_at = NULL WHERE id = ? AND round = ?')
exports.dueGames = db.prepare('SELECT * FROM games WHERE round BETWEEN 1 AND rounds AND ends_at <= ?')
// Taken by the process that gets it, for as long as another one waits before it takes it.
exports.takeUnshown = db.prepare('UPDATE games SET changed_at = ? WHERE changed_at < ? RETURNING *')
exports.addPlayer = db.prepare('INSERT OR IGNORE INTO players VALUES (?, ?, ?)')
exports.playersOf = db.prepare('SELECT * FROM players WHERE game_id = ? ORDER BY rowid')
exports.addAnswer = db.prepare('INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)')
exports.answersOf = db.prepare(
  'SELECT * FROM answers JOIN players USING (game_id, user_id) WHERE game_id = ? AND round = ?',
)
exports.findAnswer = db.prepare('SELECT * FROM answers WHERE game_id = ? AND round = ? AND user_id = ?')
const BOARD = `
  SELECT name, SUM(is_right) AS points FROM answers JOIN players USING (game_id, user_id) JOIN games ON games.id = game_id`
exports.gameBoard = db.prepare(`${BOARD} WHERE game_id = ? GROUP BY user_id ORDER BY points DESC, name`)
exports.chatBoard = db.prepare(`${BOARD} WHERE chat_id = ? GROUP BY user_id ORDER BY points DESC, name`)
