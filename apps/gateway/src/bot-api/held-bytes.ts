/** A bound on the bytes of requests that a process holds at once. */

/** The bytes that one request holds. */
export interface Hold {
  /** Holds so many in all from now on; false where there is no room for more. */
  grow(bytes: number): boolean
  /** Gives all of them back. May be called twice. */
  release(): void
}

/** The bytes that are held now. */
export class HeldBytes {
  private readonly most: number
  private held = 0

  /** `most`: how many may be held at once. */
  constructor(most: number) {
    this.most = most
  }

  /** Holds so many bytes, or undefined where there is no room. */
  take(bytes: number): Hold | undefined {
    let mine = 0
    const hold: Hold = {
      grow: (wanted) => {
        const more = Math.max(0, wanted - mine)
        if (this.held + more > this.most) return false
        this.held += more
        mine += more
        return true
      },
      release: () => {
        this.held -= mine
        mine = 0
      },
    }
    return hold.grow(bytes) ? hold : undefined
  }
}
