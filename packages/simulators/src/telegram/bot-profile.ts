/** What a bot tells of itself: its names, its descriptions, its menu buttons. */

/** Texts of the profile that may differ by language. */
export type ProfileText = 'name' | 'description' | 'short_description'

/** A bot's own settings. */
export class BotProfile {
  /** By chat id; 0 is the one for all private chats. */
  readonly menuButtons = new Map<number, Record<string, unknown>>()
  private readonly texts: Record<ProfileText, Map<string, string>>

  constructor(name: string) {
    this.texts = {
      name: new Map([['', name]]),
      description: new Map(),
      short_description: new Map(),
    }
  }

  /** Sets a text for a language ('': all that have none of their own); an empty text takes it away. */
  set(text: ProfileText, language: string, value: string): void {
    const texts = this.texts[text]
    if (value !== '') texts.set(language, value)
    else if (text !== 'name' || language !== '') texts.delete(language)
  }

  /** The text that people with the language see. */
  get(text: ProfileText, language: string): string {
    const texts = this.texts[text]
    return texts.get(language) ?? texts.get('') ?? ''
  }
}
