/** How the command is used. */

/** What `--help` prints. */
export const USAGE = `Looks at what could not be done, has it done again, or throws it away.

  pnpm dead-letters list               the newest: whose, when, why, how often replayed; no texts
  pnpm dead-letters show <id>          one of them
  pnpm dead-letters replay <id> …      has workers do it again
  pnpm dead-letters drop <id> …        throws it away, for good

Instead of ids, replay and drop take --all, and with list the same filters:

  --bot <id>  --chat <id>              of one bot, of one chat
  --kind update|delivery               what somebody sent, or what should have been sent
  --reason <text>                      why it failed holds this text
  --since <time>                       given up in the last 30m, 12h or 7d
  --limit <number>                     list: at most so many (20)
  --text                               show: what was written, too
  --json                               list, show: as JSON
  -y, --yes                            drop: does not ask
`
