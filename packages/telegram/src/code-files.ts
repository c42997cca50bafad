// Long code of a reply, as files: nobody copies it out of several messages.
import { parseMarkdown } from './markdown-grammar.ts'
import { cleanText } from './text-builder.ts'

/** A block of code that goes as a file as well. */
export interface CodeFile {
  /** Such as `code.py`; the second of a reply is `code-2.ts`. */
  name: string
  /** As the model named it. */
  language?: string
  text: string
}

/** How long code must be to go as a file. */
export interface CodeFileOptions {
  /** UTF-16 units, default 8192: more than two messages. */
  leastUnits?: number
}

const EXTENSIONS: Record<string, string> = {
  bash: 'sh',
  c: 'c',
  'c#': 'cs',
  'c++': 'cpp',
  cpp: 'cpp',
  cs: 'cs',
  csharp: 'cs',
  css: 'css',
  csv: 'csv',
  dart: 'dart',
  diff: 'diff',
  dockerfile: 'dockerfile',
  elixir: 'ex',
  erlang: 'erl',
  go: 'go',
  golang: 'go',
  graphql: 'graphql',
  haskell: 'hs',
  html: 'html',
  ini: 'ini',
  java: 'java',
  javascript: 'js',
  js: 'js',
  json: 'json',
  jsx: 'jsx',
  kotlin: 'kt',
  kt: 'kt',
  latex: 'tex',
  lua: 'lua',
  makefile: 'mk',
  markdown: 'md',
  md: 'md',
  objectivec: 'm',
  perl: 'pl',
  php: 'php',
  powershell: 'ps1',
  ps1: 'ps1',
  proto: 'proto',
  protobuf: 'proto',
  py: 'py',
  python: 'py',
  python3: 'py',
  r: 'r',
  rb: 'rb',
  rs: 'rs',
  ruby: 'rb',
  rust: 'rs',
  scala: 'scala',
  scss: 'scss',
  sh: 'sh',
  shell: 'sh',
  sql: 'sql',
  svelte: 'svelte',
  svg: 'svg',
  swift: 'swift',
  tex: 'tex',
  toml: 'toml',
  ts: 'ts',
  tsx: 'tsx',
  typescript: 'ts',
  vue: 'vue',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  zig: 'zig',
  zsh: 'sh',
}

/** The fenced blocks of code in a reply that are at least so long, in their order; a language unknown here is `.txt`. */
export function longCodeFiles(markdown: string, { leastUnits = 8192 }: CodeFileOptions = {}): CodeFile[] {
  // A reply that is shorter holds no longer code.
  if (markdown.length < leastUnits) return []
  const files: CodeFile[] = []
  for (const { type, content, info } of parseMarkdown(cleanText(markdown))) {
    if (type !== 'fence' || content.length < leastUnits) continue
    const language = info.trim().split(/\s/, 1)[0] ?? ''
    const number = files.length === 0 ? '' : `-${files.length + 1}`
    const name = `code${number}.${extensionOf(language)}`
    files.push({ name, ...(language && { language }), text: content })
  }
  return files
}

function extensionOf(language: string): string {
  const known = language.toLowerCase()
  return Object.hasOwn(EXTENSIONS, known) ? (EXTENSIONS[known] ?? 'txt') : 'txt'
}
