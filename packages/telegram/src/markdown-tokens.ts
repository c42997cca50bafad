// Makes parsing cheap: the parser's own tokens define each of their fields anew, a fourth of a conversion's time, and
// its states do so even for a text without marks.
import MarkdownIt from 'markdown-it'

type Token = InstanceType<typeof MarkdownIt.Token>
type Nesting = Token['nesting']

/** Has the fields of the parser's tokens, and its methods. */
class LeanToken {
  type: string
  tag: string
  attrs: Token['attrs'] = null
  map: Token['map'] = null
  nesting: Nesting
  level = 0
  children: Token['children'] = null
  content = ''
  markup = ''
  info = ''
  meta: Token['meta'] = null
  block = false
  hidden = false

  constructor(type: string, tag: string, nesting: Nesting) {
    this.type = type
    this.tag = tag
    this.nesting = nesting
  }
}
Object.setPrototypeOf(LeanToken.prototype, MarkdownIt.Token.prototype)
const createToken = (type: string, tag: string, nesting: Nesting): Token =>
  new LeanToken(type, tag, nesting) as unknown as Token

// Characters that mean nothing within a line, as the parser's own list has them.
const PLAIN = /^[^\n!#$%&*+\-:<=>@[\\\]^_`{|}~]*$/

/** Parses the content of an inline token into its children. Most cells and many items are plain: one token of text. */
export function parseInline(
  md: InstanceType<typeof MarkdownIt>,
  { content, children }: Token,
  env: object,
): void {
  if (!children || content === '') return
  if (PLAIN.test(content)) {
    const token = createToken('text', '', 0)
    token.content = content
    children.push(token)
  } else md.inline.parse(content, md, env as Record<string, unknown>, children)
}

/** Makes the parser's states push such tokens; what they do beside that is as the parser does it. */
export function leanTokens(md: InstanceType<typeof MarkdownIt>): void {
  md.core.ruler.at('inline', ({ tokens, env }) => {
    for (const token of tokens) if (token.type === 'inline') parseInline(md, token, env)
  })
  md.block.State = class extends md.block.State {
    override push(type: string, tag: string, nesting: Nesting): Token {
      const token = createToken(type, tag, nesting)
      token.block = true
      if (nesting < 0) this.level--
      token.level = this.level
      if (nesting > 0) this.level++
      this.tokens.push(token)
      return token
    }
  }
  md.inline.State = class extends md.inline.State {
    override pushPending(): Token {
      const token = createToken('text', '', 0)
      token.content = this.pending
      token.level = this.pendingLevel
      this.tokens.push(token)
      this.pending = ''
      return token
    }

    override push(type: string, tag: string, nesting: Nesting): Token {
      if (nesting !== 0) return super.push(type, tag, nesting)
      if (this.pending !== '') this.pushPending()
      const token = createToken(type, tag, nesting)
      token.level = this.level
      this.pendingLevel = this.level
      this.tokens.push(token)
      this.tokens_meta.push(undefined)
      return token
    }
  }
}
