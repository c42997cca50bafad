// Task lists: `- [x] done` and `- [ ] open`.
import type MarkdownIt from 'markdown-it'

const BOX = /^\[([ xX])\](?:[ \t]+|(?=\n)|$)/

/** Moves the box of a task from the item's text to the item's token: `meta.task` is ☑ or ☐. */
export function readTasks(md: InstanceType<typeof MarkdownIt>): void {
  md.core.ruler.before('inline', 'tasks', ({ tokens }) => {
    for (let index = 2; index < tokens.length; index++) {
      const [item, paragraph, inline] = tokens.slice(index - 2, index + 1)
      if (item?.type !== 'list_item_open' || paragraph?.type !== 'paragraph_open' || !inline) continue
      const box = BOX.exec(inline.content)
      if (!box) continue
      item.meta = { task: box[1] === ' ' ? '☐' : '☑' }
      inline.content = inline.content.slice(box[0].length)
    }
  })
}
