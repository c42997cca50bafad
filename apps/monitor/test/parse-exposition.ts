/** Reads Prometheus's text format as strictly as its specification asks, written apart from what the product writes. */

// A value is what Go's ParseFloat takes, so infinity and NaN may be in any case.
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]?inf|nan)$/i
const LABELS = /^\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,|(?=\})))*\}$/
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped']

/** Every sample by its full name, and every family's type. Throws on the first fault. */
export function parseExposition(text: string): { values: Map<string, number>; types: Map<string, string> } {
  const values = new Map<string, number>()
  const types = new Map<string, string>()
  const described = new Set<string>()
  const closed = new Set<string>()
  let family = ''
  const enter = (name: string, line: string) => {
    if (name === family) return
    if (closed.has(name)) throw new Error(`${name} is not in one piece: ${line}`)
    if (family !== '') closed.add(family)
    family = name
  }
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') {
      enter(name, line)
      if (described.has(name)) throw new Error(`a second HELP: ${line}`)
      described.add(name)
    } else if (kind === 'TYPE') {
      enter(name, line)
      if (types.has(name) || !TYPES.includes(rest)) throw new Error(`a second or wrong TYPE: ${line}`)
      types.set(name, rest)
    } else {
      const [, sample = '', labels = '{}', value = ''] = SAMPLE.exec(line) ?? []
      if (sample === '' || !LABELS.test(labels)) throw new Error(`not a sample: ${line}`)
      const base = sample.replace(/_(bucket|sum|count)$/, '')
      enter(types.get(base) === 'histogram' || types.get(base) === 'summary' ? base : sample, line)
      const series = labels === '{}' ? sample : sample + labels
      if (values.has(series)) throw new Error(`twice: ${line}`)
      values.set(series, Number(value.replace(/inf/i, 'Infinity')))
    }
  }
  return { values, types }
}
