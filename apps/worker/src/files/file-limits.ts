/** How many bytes of a file are read at most, by its kind. The Bot API gives 20 MB. */
export const MOST_BYTES = {
  /** What providers take of one picture lies between 5 and 20 MB. */
  picture: 8 * 1024 * 1024,
  pdf: 16 * 1024 * 1024,
  text: 1024 * 1024,
  speech: 16 * 1024 * 1024,
  audio: 16 * 1024 * 1024,
} as const
