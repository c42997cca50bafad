/** How the command is used. */

/** What `--help` prints. */
export const USAGE = `Looks at one chat and takes care of it, for whoever is on call.

  pnpm chat <chat id> show       what waits, what is under way, what is remembered; no texts
  pnpm chat <chat id> pause      no turn begins until it is resumed; updates are taken in as ever
  pnpm chat <chat id> resume     turns begin again within a second
  pnpm chat <chat id> replay     retries the chat's dead letters
  pnpm chat <chat id> forget     erases what is kept of the chat, at once and for good

  --bot <id>                     which bot, where there are several, or where no token is set
  --texts                        show: what was written, too
  --json                         show: as JSON
  -y, --yes                      forget: does not ask

The chat id is Telegram's; of a group that became a supergroup either id will do.
`
