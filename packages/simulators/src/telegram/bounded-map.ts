/** A map that forgets its oldest entries, so that a bot that never ends anything does not fill the memory. */

/** Keeps the newest `most` entries, by when their keys were first set. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  private readonly most: number

  constructor(most: number) {
    super()
    this.most = most
  }

  override set(key: Key, value: Value): this {
    super.set(key, value)
    if (this.size <= this.most) return this
    for (const oldest of this.keys()) {
      this.delete(oldest)
      break
    }
    return this
  }
}
