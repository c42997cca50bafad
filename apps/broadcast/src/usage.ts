/** How the command is used. */

/** What `--help` prints. */
export const USAGE = `Sends one message to many chats, behind every reply, and shows how far it is.

  pnpm broadcast send --text <markdown> --to-all
  pnpm broadcast send --text-file <file> --photo <url or file_id> --to <file of chat ids>
  pnpm broadcast status [id]     how far one is (the newest without an id)
  pnpm broadcast list            those of the last 30 days
  pnpm broadcast follow <id>     shows its progress until it ends; Ctrl+C leaves it running
  pnpm broadcast stop <id>       calls nobody else
  pnpm broadcast resume <id>     goes on where it was stopped
  pnpm broadcast unknown <id>    the chats that may or may not have got it, a line each
  pnpm broadcast resend <id>     sends it to those anyway

  --bot <id>                     which bot, where there are several
  --paid                         up to 1,000 a second, which Telegram charges the bot for
  --paid-per-second <n>          the same, slower
  --detach                       does not wait for the end
  -y, --yes                      does not ask

A file of chat ids has them apart by line breaks, spaces or commas; # begins a comment.
`
