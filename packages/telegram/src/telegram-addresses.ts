// Where Telegram's webhook requests come from.

/** The ranges from which Telegram says that it sends updates (https://core.telegram.org/bots/webhooks); they may change. */
export const TELEGRAM_ADDRESSES = ['149.154.160.0/20', '91.108.4.0/22'] as const
