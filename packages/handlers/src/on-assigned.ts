/** Notices the moment in which a constructor assigns a property: the one in which an instance can be seen before its user does. */

/** Calls `seen` with each instance of `prototype` right after `property` was first assigned; it is an ordinary one then. */
export function onAssigned<T extends object>(
  prototype: T,
  property: string,
  seen: (instance: T) => void,
): void {
  Object.defineProperty(prototype, property, {
    configurable: true,
    set(this: T, value: unknown) {
      const ordinary = { value, writable: true, enumerable: true, configurable: true }
      Object.defineProperty(this, property, ordinary)
      seen(this)
    },
  })
}
