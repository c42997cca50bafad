/** What was chosen for a topic, for the whole chat, and where the next choice goes. */
import type { Choices, Memory } from './ports.ts'

/** Where a choice holds. */
export type Scope = 'topic' | 'chat'

/** What can be chosen. */
export type Choice = Exclude<keyof Choices, 'changes'>

/** What holds: the topic's choices over the whole chat's. What neither has chosen is missing. */
export function choicesOf({ settings, chatSettings }: Memory): Choices {
  return { ...chatSettings, ...settings }
}

/** Where a change goes now; undefined where the chat has no topics to tell apart. */
export function scopeOf({ settings, chatSettings }: Memory): Scope | undefined {
  return chatSettings && (settings.changes ?? 'topic')
}

/**
 * The memory with a choice made, or for `undefined` taken back, where changes go. What is chosen for the whole chat holds
 * in the topic too, whatever it had.
 */
export function withChoice<K extends Choice>(memory: Memory, name: K, value: Choices[K] | undefined): Memory {
  const settings = changed(memory.settings, name, value)
  if (!memory.chatSettings || scopeOf(memory) === 'topic') return { ...memory, settings }
  return {
    ...memory,
    settings: changed(memory.settings, name, undefined),
    chatSettings: changed(memory.chatSettings, name, value),
  }
}

/** The memory of a topic whose changes go to `scope` from now on. */
export function withScope(memory: Memory, scope: Scope): Memory {
  if (!memory.chatSettings) return memory
  return { ...memory, settings: changed(memory.settings, 'changes', scope === 'chat' ? 'chat' : undefined) }
}

/** The memory without a choice, wherever it was made, as long as it is this one. */
export function withoutChoice<K extends Choice>(memory: Memory, name: K, value: Choices[K]): Memory {
  const without = <S extends Choices>(settings: S) =>
    settings[name] === value ? changed(settings, name, undefined) : settings
  return {
    ...memory,
    settings: without(memory.settings),
    ...(memory.chatSettings && { chatSettings: without(memory.chatSettings) }),
  }
}

function changed<S extends Choices, K extends keyof Choices>(
  settings: S,
  name: K,
  value: Choices[K] | undefined,
): S {
  const { [name]: _, ...others } = settings
  return (value === undefined ? others : { ...others, [name]: value }) as S
}
