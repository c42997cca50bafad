/** Replies as models write them: headings, lists, code, a table, a quote, links. */

const SECTION = `## 🚀 Getting started with **Redis**

Redis is an *in-memory* data store. It is **very fast**, and it knows \`strings\`, \`hashes\` and more. See
[the docs](https://redis.example/docs/latest?x=1&y=2) for details; 2 * 3 = 6, and snake_case stays as it is.

1. **Install it**: run \`apt install redis\`
   - on macOS use \`brew install redis\`
   - on Windows use WSL
2. **Start it**
3. ~~Pray~~ Connect with a *client*

\`\`\`python
import redis
r = redis.Redis(host="localhost", port=6379)
r.set("foo", "bar")
print(r.get("foo"))
\`\`\`

| Command | Meaning | Cost |
|:--------|:-------:|-----:|
| \`GET\`  | reads a key | O(1) |
| \`SET\`  | **writes** a key | O(1) |

> **Note:** the price is $5 per month[1], and it may change. Что-то ещё? Да, **конечно**.

- [x] read this
- [ ] try it

`

/** A reply of so many UTF-16 units. */
export function modelReply(units: number): string {
  return SECTION.repeat(Math.ceil(units / SECTION.length)).slice(0, units)
}
