/** How the command is used. */

/** What `--help` prints. */
export const USAGE = `Brings along what a bot had before it moved in. Safe to repeat.

  pnpm bring chats <file>        whom broadcasts reach: one chat id a line, the first column of
                                 a CSV file, or a JSON array
  pnpm bring sessions <file>     { "sessions": [{ "id": "user:chat", "data": {…} }] }, as
                                 telegraf-session-local writes it, or { "user:chat": {…} }
  pnpm bring sessions --from redis://127.0.0.1:6379/0 --prefix telegraf:
                                 what @telegraf/session/redis keeps there

  --bot <id>                     which bot, where there are several, or where no token is set
  --replace                      sessions: also those that are there already

What can't be brought is listed, the rest is brought, and the command ends with 1.
`
