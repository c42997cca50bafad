// Replies in the manner of named models, each with what a reader must see of it: written by hand, not by the converter.

/** A reply and what is seen of it. */
export interface ModelSample {
  model: string
  name: string
  markdown: string
  text: string
  /** Each as `type:what it covers`, with `→url` or `(language)`; in Telegram's order. */
  entities: string[]
}

/** The samples, grouped by model. */
export const modelSamples: ModelSample[] = []

type Sample = Omit<ModelSample, 'model'>

function of(model: string, samples: Sample[]): void {
  modelSamples.push(...samples.map((sample) => ({ model, ...sample })))
}

function lines(...all: string[]): string {
  return all.join('\n')
}

of('GPT-4o', [
  {
    name: 'a heading with an emoji over a list with bold labels',
    markdown: lines(
      '### 🚀 Key Features',
      '- **Fast**: runs in `O(n)`',
      '- **Safe**: no *undefined* behaviour',
      '',
      '---',
      'Let me know!',
    ),
    text: lines(
      '🚀 Key Features',
      '',
      '• Fast: runs in O(n)',
      '• Safe: no undefined behaviour',
      '',
      '———',
      'Let me know!',
    ),
    entities: ['bold:🚀 Key Features', 'bold:Fast', 'code:O(n)', 'bold:Safe', 'italic:undefined'],
  },
  {
    name: 'numbered steps with code under them',
    markdown: lines(
      '1. **Install** it:',
      '   ```bash',
      '   npm install undici',
      '   ```',
      '2. **Import** it:',
      '   ```js',
      "   import { request } from 'undici'",
      '   ```',
      '3. Done ✅',
    ),
    text: lines(
      '1. Install it:',
      'npm install undici',
      '2. Import it:',
      "import { request } from 'undici'",
      '3. Done ✅',
    ),
    entities: [
      'bold:Install',
      'pre:npm install undici(bash)',
      'bold:Import',
      "pre:import { request } from 'undici'(js)",
    ],
  },
  {
    name: 'formulas in brackets and parentheses',
    markdown: lines(
      'The roots are:',
      '',
      '\\[',
      'x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}',
      '\\]',
      '',
      'where \\( a_1 \\neq 0 \\).',
    ),
    text: lines(
      'The roots are:',
      '',
      '\\[',
      'x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}',
      '\\]',
      '',
      'where \\( a_1 \\neq 0 \\).',
    ),
    entities: [],
  },
  {
    name: 'a small comparison, aligned',
    markdown: lines(
      '| Feature | SQL | NoSQL |',
      '|---------|:---:|------:|',
      '| Schema | **fixed** | flexible |',
      '| Scale | up | out |',
    ),
    text: lines(
      'Feature |  SQL  |    NoSQL',
      '--------|-------|---------',
      'Schema  | fixed | flexible',
      'Scale   |  up   |      out',
    ),
    entities: [
      `pre:${lines('Feature |  SQL  |    NoSQL', '--------|-------|---------', 'Schema  | fixed | flexible', 'Scale   |  up   |      out')}`,
    ],
  },
  {
    name: 'citations that are defined below',
    markdown: lines(
      'It is 330 m tall.[1] Built in 1889 [2].',
      '',
      '[1]: https://a.example/tower',
      '[2]: https://b.example/history "History"',
    ),
    text: 'It is 330 m tall.[1] Built in 1889 [2].',
    entities: ['text_link:[1]→https://a.example/tower', 'text_link:[2]→https://b.example/history'],
  },
  {
    name: 'source marks of its browser',
    markdown: 'It rained all week【4†source】, mostly at night【4†source】【7:0†report.pdf】.',
    text: 'It rained all week【4†source】, mostly at night【4†source】【7:0†report.pdf】.',
    entities: [],
  },
  {
    name: 'escaped characters',
    markdown: 'Pass \\*args and \\_\\_init\\_\\_, 5\\. and \\[x\\](y) \\`z\\`',
    text: 'Pass *args and __init__, 5. and \\[x\\](y) `z`',
    entities: [],
  },
  {
    name: 'a quote with its source',
    markdown: lines('> “Simplicity is **the** ultimate sophistication.”  ', '> — *Leonardo*', '', 'Nice.'),
    text: lines('“Simplicity is the ultimate sophistication.”', '— Leonardo', '', 'Nice.'),
    entities: [
      `blockquote:${lines('“Simplicity is the ultimate sophistication.”', '— Leonardo')}`,
      'bold:the',
      'italic:Leonardo',
    ],
  },
])

of('Claude', [
  {
    name: 'a wide table with code, as rows',
    markdown: lines(
      '| Method | When to use it | Cost |',
      '| --- | --- | --- |',
      '| `map` | you want a **new** array of the same length | O(n) |',
      '| `a \\| b` | either of two types | — |',
    ),
    text: lines(
      'Method: map',
      'When to use it: you want a new array of the same length',
      'Cost: O(n)',
      '',
      'Method: a | b',
      'When to use it: either of two types',
      'Cost: —',
    ),
    entities: ['code:map', 'bold:new', 'code:a | b'],
  },
  {
    name: 'nested lists with dashes',
    markdown: lines(
      'Two things:',
      '',
      '- **Backend**',
      '  - `api/` – the server',
      '    - routes',
      '  - `db/`',
      '- **Frontend** — *later*',
    ),
    text: lines(
      'Two things:',
      '',
      '• Backend',
      '    • api/ – the server',
      '        • routes',
      '    • db/',
      '• Frontend — later',
    ),
    entities: ['bold:Backend', 'code:api/', 'code:db/', 'bold:Frontend', 'italic:later'],
  },
  {
    name: 'tags of its own as text',
    markdown: lines('<thinking>', 'The user wants 2 < 3.', '</thinking>', '', 'Use `<T>` & **go**.'),
    text: lines('<thinking>', 'The user wants 2 < 3.', '</thinking>', '', 'Use <T> & go.'),
    entities: ['code:<T>', 'bold:go'],
  },
  {
    name: 'Markdown shown in a longer fence',
    markdown: lines('````markdown', '# Title', '```js', 'x()', '```', '````', 'Paste that.'),
    text: lines('# Title', '```js', 'x()', '```', 'Paste that.'),
    entities: [`pre:${lines('# Title', '```js', 'x()', '```')}(markdown)`],
  },
  {
    name: 'file names that would become links',
    markdown: 'Edit `tsconfig.json`, then README.md and src/main.rs: see setup.py?',
    text: 'Edit tsconfig.json, then README.md and src/main.rs: see setup.py?',
    entities: ['code:tsconfig.json', 'code:README.md', 'code:src/main.rs', 'code:setup.py'],
  },
  {
    name: 'bold that holds code and a link',
    markdown: '**Run `npm ci` first, then see [the *docs*](https://docs.example/a_b).**',
    text: 'Run npm ci first, then see the docs.',
    entities: [
      'bold:Run',
      'code:npm ci',
      'bold:first, then see the docs.',
      'text_link:the docs→https://docs.example/a_b',
      'italic:docs',
    ],
  },
  {
    name: 'an honest diff',
    markdown: lines('```diff', '- const a = 1', '+ const a = 2', '```'),
    text: lines('- const a = 1', '+ const a = 2'),
    entities: [`pre:${lines('- const a = 1', '+ const a = 2')}(diff)`],
  },
])

of('Gemini', [
  {
    name: 'bullets with wide gaps, nested by four',
    markdown: lines('*   **Pros:**', '    *   Cheap', '    *   *Fast*', '*   **Cons:** none'),
    text: lines('• Pros:', '    • Cheap', '    • Fast', '• Cons: none'),
    entities: ['bold:Pros:', 'italic:Fast', 'bold:Cons:'],
  },
  {
    name: 'a loose numbered list with paragraphs',
    markdown: lines('1.  **Plan.**', '', '    Think first.', '', '2.  **Do.**', '', '    Then act.'),
    text: lines('1. Plan.', '', 'Think first.', '', '2. Do.', '', 'Then act.'),
    entities: ['bold:Plan.', 'bold:Do.'],
  },
  {
    name: 'formulas in dollars',
    markdown: lines(
      'With $E = mc^2$ and $a_i * b_i * c$ we get',
      '',
      '$$\\sum_{i=1}^{n} x_i$$',
      '',
      'for $5 and $10.',
    ),
    text: lines(
      'With $E = mc^2$ and $a_i * b_i * c$ we get',
      '',
      '$$\\sum_{i=1}^{n} x_i$$',
      '',
      'for $5 and $10.',
    ),
    entities: [],
  },
  {
    name: 'citations of its files',
    markdown: 'Sales rose 5% [cite: 1, 2]. **Costs fell** [cite_start]as planned[cite: 3].',
    text: 'Sales rose 5% [cite: 1, 2]. Costs fell [cite_start]as planned[cite: 3].',
    entities: ['bold:Costs fell'],
  },
  {
    name: 'headings that are bold already',
    markdown: lines('## **1. Setup** 🛠️', 'Text.', '#### *Details*', '- a'),
    text: lines('1. Setup 🛠️', '', 'Text.', '', 'Details', '', '• a'),
    entities: ['bold:1. Setup 🛠️', 'italic:Details', 'bold:Details'],
  },
  {
    name: 'a table with links, as rows',
    markdown: lines(
      '| Name | Link |',
      '|:-----|:-----|',
      '| Redis | [site](https://redis.example) |',
      '| Kafka | none |',
    ),
    text: lines('Name: Redis', 'Link: site', '', 'Name: Kafka', 'Link: none'),
    entities: ['text_link:site→https://redis.example'],
  },
  {
    name: 'an image',
    markdown: 'Here: ![A cat on a mat](https://img.example/cat.png "Cat")',
    text: 'Here: A cat on a mat',
    entities: ['text_link:A cat on a mat→https://img.example/cat.png'],
  },
])

of('DeepSeek', [
  {
    name: 'its thoughts as text',
    markdown: lines('<think>', 'Hmm, *maybe*.', '</think>', '', '**Answer:** 42'),
    text: lines('<think>', 'Hmm, maybe.', '</think>', '', 'Answer: 42'),
    entities: ['italic:maybe', 'bold:Answer:'],
  },
  {
    name: 'numbered bold headings between rules',
    markdown: lines('### **1. 概述**', '这是**重点**内容。', '', '---', '', '### **2. 代码**'),
    text: lines('1. 概述', '', '这是重点内容。', '', '———', '', '2. 代码'),
    entities: ['bold:1. 概述', 'bold:重点', 'bold:2. 代码'],
  },
  {
    name: 'bold against Chinese punctuation',
    markdown: '**注意：**请先备份。这很**“重要”**。使用**`npm`**吧，**（可选）**步骤。',
    text: '注意：请先备份。这很“重要”。使用npm吧，（可选）步骤。',
    entities: ['bold:注意：', 'bold:“重要”', 'code:npm', 'bold:（可选）'],
  },
  {
    name: 'a table of wide characters, aligned',
    markdown: lines('| 名称 | 数量 |', '|------|-----:|', '| 苹果 | 3 |', '| 香蕉汁 | 12 |'),
    text: lines('名称   | 数量', '-------|-----', '苹果   |    3', '香蕉汁 |   12'),
    entities: [`pre:${lines('名称   | 数量', '-------|-----', '苹果   |    3', '香蕉汁 |   12')}`],
  },
  {
    name: 'a boxed formula on one line',
    markdown: lines('So', '\\[ \\boxed{x_1 = 2} \\]', 'and \\(y_1*z_1\\) hold.'),
    text: lines('So', '\\[ \\boxed{x_1 = 2} \\]', 'and \\(y_1*z_1\\) hold.'),
    entities: [],
  },
  {
    name: 'steps of code with comments',
    markdown: lines('```python', '# 计算', 'def f(x):', '    return x ** 2  # **not bold**', '```'),
    text: lines('# 计算', 'def f(x):', '    return x ** 2  # **not bold**'),
    entities: [`pre:${lines('# 计算', 'def f(x):', '    return x ** 2  # **not bold**')}(python)`],
  },
])

of('Llama', [
  {
    name: 'a fence that is never closed',
    markdown: lines('Here you go:', '```c', 'int main() {', '  return 0;', '}'),
    text: lines('Here you go:', 'int main() {', '  return 0;', '}'),
    entities: [`pre:${lines('int main() {', '  return 0;', '}')}(c)`],
  },
  {
    name: 'actions of a character',
    markdown: lines('*She smiles and waves.* "Hello there!" *whispers* **Boo!**', '', '_laughs_'),
    text: lines('She smiles and waves. "Hello there!" whispers Boo!', '', 'laughs'),
    entities: ['italic:She smiles and waves.', 'italic:whispers', 'bold:Boo!', 'italic:laughs'],
  },
  {
    name: 'a list right after its introduction, with pluses below',
    markdown: lines('Options:', '* One', '\t+ deeper', '\t+ **deep**', '* Two'),
    text: lines('Options:', '• One', '    • deeper', '    • deep', '• Two'),
    entities: ['bold:deep'],
  },
  {
    name: 'stars that mean something else',
    markdown: 'f(*args, **kwargs): 2 * 3 * 4 = 24, 5*6*7, rated **** by *us',
    text: 'f(*args, **kwargs): 2 * 3 * 4 = 24, 5*6*7, rated **** by *us',
    entities: [],
  },
  {
    name: 'underscores within names',
    markdown: 'Set MY_ENV_VAR and snake_case_name, __dunder__ and _private_.',
    text: 'Set MY_ENV_VAR and snake_case_name, dunder and private.',
    entities: ['bold:dunder', 'italic:private'],
  },
  {
    name: 'a rule of stars and one of underscores',
    markdown: lines('a', '', '***', '', 'b', '', '___', '', 'c'),
    text: lines('a', '', '———', '', 'b', '', '———', '', 'c'),
    entities: [],
  },
  {
    name: 'numbers that restart and jump',
    markdown: lines('1. a', '1. b', '1. c', '', 'Then:', '', '5) d', '6) e'),
    text: lines('1. a', '2. b', '3. c', '', 'Then:', '', '5. d', '6. e'),
    entities: [],
  },
])

of('Qwen', [
  {
    name: 'a fence of tildes',
    markdown: lines('~~~yaml', 'a:', '  - `b`', '  - ```c```', '~~~', '结束'),
    text: lines('a:', '  - `b`', '  - ```c```', '结束'),
    entities: [`pre:${lines('a:', '  - `b`', '  - ```c```')}(yaml)`],
  },
  {
    name: 'Japanese with bold and full-width marks',
    markdown: 'これは**重要**です。**「引用」**と**（注）**を見て。～～取り消し～～',
    text: 'これは重要です。「引用」と（注）を見て。～～取り消し～～',
    entities: ['bold:重要', 'bold:「引用」', 'bold:（注）'],
  },
  {
    name: 'Korean particles after bold',
    markdown: '**서울(Seoul)**은 **수도**입니다. *강조*도 됩니다.',
    text: '서울(Seoul)은 수도입니다. 강조도 됩니다.',
    entities: ['bold:서울(Seoul)', 'bold:수도', 'italic:강조'],
  },
  {
    name: 'tasks, nested',
    markdown: lines('- [x] 设计', '- [ ] 开发', '  - [x] `api`', '  - [ ] **界面**', '1. [ ] 测试'),
    text: lines('☑ 设计', '☐ 开发', '    ☑ api', '    ☐ 界面', '1. ☐ 测试'),
    entities: ['code:api', 'bold:界面'],
  },
  {
    name: 'a quote with a list and code',
    markdown: lines('> **提示**', '> - 一', '> - 二', '>', '> ```sh', '> ls -la', '> ```'),
    text: lines('提示', '• 一', '• 二', '', 'ls -la'),
    entities: [`blockquote:${lines('提示', '• 一', '• 二', '', 'ls -la')}`, 'bold:提示', 'pre:ls -la(sh)'],
  },
  {
    name: 'struck out prices',
    markdown: '~~¥199~~ **¥99**，仅限今天！~不是删除线~',
    text: '¥199 ¥99，仅限今天！~不是删除线~',
    entities: ['strikethrough:¥199', 'bold:¥99'],
  },
])

of('Mistral', [
  {
    name: 'French punctuation around bold',
    markdown: '**Étape 1 :** ouvrez « **Paramètres** ». *Attention !*',
    text: 'Étape 1 : ouvrez « Paramètres ». Attention !',
    entities: ['bold:Étape 1 :', 'bold:Paramètres', 'italic:Attention !'],
  },
  {
    name: 'quotes in quotes',
    markdown: lines('> Tu as dit :', '>', '> > Bonjour **toi**', '>', '> et voilà.'),
    text: lines('Tu as dit :', '', 'Bonjour toi', '', 'et voilà.'),
    entities: [`blockquote:${lines('Tu as dit :', '', 'Bonjour toi', '', 'et voilà.')}`, 'bold:toi'],
  },
  {
    name: 'HTML as text',
    markdown: lines('<details>', '<summary>Plus</summary>', '', 'Texte **gras**<br>suite', '', '</details>'),
    text: lines('<details>', '<summary>Plus</summary>', '', 'Texte gras<br>suite', '', '</details>'),
    entities: ['bold:gras'],
  },
  {
    name: 'character references',
    markdown: 'Prix&nbsp;: 5&nbsp;&euro; &lt;b&gt; &copy; AT&T &amp;amp; &#128512; &unknown;',
    text: 'Prix\u00a0: 5\u00a0€ <b> © AT&T &amp; 😀 &unknown;',
    entities: [],
  },
  {
    name: 'hard line breaks',
    markdown: lines('Roses are red  ', 'Violets are blue\\', 'Sugar is sweet', 'And so are you'),
    text: lines('Roses are red', 'Violets are blue', 'Sugar is sweet', 'And so are you'),
    entities: [],
  },
  {
    name: 'underlined headings',
    markdown: lines('Résumé', '======', 'Texte.', '', 'Détails', '-------', 'Fin.'),
    text: lines('Résumé', '', 'Texte.', '', 'Détails', '', 'Fin.'),
    entities: ['bold:Résumé', 'bold:Détails'],
  },
])

of('Grok', [
  {
    name: 'a link with parentheses and underscores',
    markdown: 'See [Foo (bar)](https://en.wikipedia.org/wiki/Foo_(bar)_baz) and <https://x.com/a_b_c>.',
    text: 'See Foo (bar) and https://x.com/a_b_c.',
    entities: [
      'text_link:Foo (bar)→https://en.wikipedia.org/wiki/Foo_(bar)_baz',
      'text_link:https://x.com/a_b_c→https://x.com/a_b_c',
    ],
  },
  {
    name: 'a long bare address with marks in it',
    markdown: 'https://shop.example/p/a_b_c*d?utm_source=x&id=1~2#frag_ment **now**',
    text: 'https://shop.example/p/a_b_c*d?utm_source=x&id=1~2#frag_ment now',
    entities: ['bold:now'],
  },
  {
    name: 'spoilers',
    markdown: lines('The killer is ||**the butler** in `room 5`||!', '||All of *this* line.||'),
    text: lines('The killer is the butler in room 5!', 'All of this line.'),
    entities: [
      'spoiler:the butler in',
      'bold:the butler',
      'code:room 5',
      'spoiler:All of this line.',
      'italic:this',
    ],
  },
  {
    name: 'prices and percentages',
    markdown: 'From $1,299 to **$999** (−23%): save $300, that is ~$25/month or 2 × $150.',
    text: 'From $1,299 to $999 (−23%): save $300, that is ~$25/month or 2 × $150.',
    entities: ['bold:$999'],
  },
  {
    name: 'footnotes',
    markdown: lines('It is so.[^1] And so.[^note]', '', '[^1]: Smith 2024', '[^note]: https://a.example'),
    text: lines('It is so.[1] And so.[note]', '', '[1]: Smith 2024', '[note]: https://a.example'),
    entities: [],
  },
  {
    name: 'emoji of many parts',
    markdown: '👨‍👩‍👧‍👦 **family** 🏳️‍🌈 _flag_ 🇺🇦 `ok` 👍🏽 ~~no~~ 1️⃣',
    text: '👨‍👩‍👧‍👦 family 🏳️‍🌈 flag 🇺🇦 ok 👍🏽 no 1️⃣',
    entities: ['bold:family', 'italic:flag', 'code:ok', 'strikethrough:no'],
  },
  {
    name: 'three stars and mixed marks',
    markdown: '***Both*** **bold _and italic_** *italic **and bold*** ~~**gone**~~',
    text: 'Both bold and italic italic and bold gone',
    entities: [
      'bold:Both',
      'italic:Both',
      'bold:bold and italic',
      'italic:and italic',
      'italic:italic and bold',
      'bold:and bold',
      'bold:gone',
      'strikethrough:gone',
    ],
  },
])

of('Perplexity', [
  {
    name: 'runs of citations with its sources listed',
    markdown: lines(
      'Paris is big[1][2]. **Very**[3].',
      '',
      'Sources:',
      '[1] https://a.example',
      '[2] Title - https://b.example',
    ),
    text: lines(
      'Paris is big[1][2]. Very[3].',
      '',
      'Sources:',
      '[1] https://a.example',
      '[2] Title - https://b.example',
    ),
    entities: ['bold:Very'],
  },
  {
    name: 'citations that are links',
    markdown: 'Paris is big [[1]](https://a.example/x) ([b.example](https://b.example)).',
    text: 'Paris is big [1] (b.example).',
    entities: ['text_link:[1]→https://a.example/x', 'text_link:b.example→https://b.example'],
  },
  {
    name: 'a list of linked titles',
    markdown: lines('1. [**First** result](https://a.example) — *news*', '2. [`second`](https://b.example)'),
    text: lines('1. First result — news', '2. second'),
    entities: [
      'text_link:First result→https://a.example',
      'bold:First',
      'italic:news',
      'text_link:second→https://b.example',
    ],
  },
  {
    name: 'definitions nobody uses',
    markdown: lines('Done.', '', '[Docs]: https://a.example', '[2]: https://b.example'),
    text: lines('Done.', '', '[Docs]: https://a.example', '[2]: https://b.example'),
    entities: [],
  },
])

of('YandexGPT', [
  {
    name: 'Russian quotation marks and dashes around bold',
    markdown: '**«Важно»:**это — **не** шутка, а **«правда»**, да.',
    text: '«Важно»:это — не шутка, а «правда», да.',
    entities: ['bold:«Важно»:', 'bold:не', 'bold:«правда»'],
  },
  {
    name: 'a numbered list with explanations on their own lines',
    markdown: lines(
      '1. **Шаг первый.**',
      '   Откройте `файл.txt`.',
      '2. **Шаг второй.**',
      '   Закройте его.',
    ),
    text: lines('1. Шаг первый.', 'Откройте файл.txt.', '2. Шаг второй.', 'Закройте его.'),
    entities: ['bold:Шаг первый.', 'code:файл.txt', 'bold:Шаг второй.'],
  },
  {
    name: 'a wide Russian table, as rows',
    markdown: lines(
      '| Показатель | Значение | Комментарий |',
      '|:--|:-:|--:|',
      '| Скорость | **120** км/ч | очень быстро для города |',
    ),
    text: lines('Показатель: Скорость', 'Значение: 120 км/ч', 'Комментарий: очень быстро для города'),
    entities: ['bold:120'],
  },
])

of('Gemma', [
  {
    name: 'right-to-left text with marks',
    markdown: 'שלום **עולם** ו-*מרחב* `code` مرحبا **بالعالم**!',
    text: 'שלום עולם ו-מרחב code مرحبا بالعالم!',
    entities: ['bold:עולם', 'italic:מרחב', 'code:code', 'bold:بالعالم'],
  },
  {
    name: 'code within a line that holds backticks and stars',
    markdown: 'Type `` `ls` `` or `a*b*c` or ` `` `.',
    text: 'Type `ls` or a*b*c or ``.',
    entities: ['code:`ls`', 'code:a*b*c', 'code:``'],
  },
  {
    name: 'a cell with a bar too many',
    markdown: lines('| Op | Sense |', '|----|-------|', '| or | a | b |'),
    text: lines('Op | Sense', '---|------', 'or | a | b'),
    entities: [`pre:${lines('Op | Sense', '---|------', 'or | a | b')}`],
  },
  {
    name: 'marks that are never closed',
    markdown: lines(
      '**Warning: do not',
      '',
      '- *maybe',
      '- `perhaps',
      '- [link](https://a.example',
      '- ~~no ||and',
    ),
    text: lines(
      '**Warning: do not',
      '',
      '• *maybe',
      '• `perhaps',
      '• [link](https://a.example',
      '• ~~no ||and',
    ),
    entities: [],
  },
  {
    name: 'an empty item and an empty quote',
    markdown: lines('- a', '-', '- b', '', '>', '', 'c'),
    text: lines('• a', '•', '• b', '', 'c'),
    entities: [],
  },
])

of('Phi', [
  {
    name: 'a long quote, folded',
    markdown: Array.from({ length: 12 }, (_, index) => `> Line ${index + 1}  `).join('\n'),
    text: Array.from({ length: 12 }, (_, index) => `Line ${index + 1}`).join('\n'),
    entities: [
      `expandable_blockquote:${Array.from({ length: 12 }, (_, index) => `Line ${index + 1}`).join('\n')}`,
    ],
  },
  {
    name: 'a table in a list and one in a quote',
    markdown: lines(
      '- Sizes:',
      '',
      '  | S | M |',
      '  |---|---|',
      '  | 1 | 2 |',
      '',
      '> | a |',
      '> |---|',
      '> | b |',
    ),
    text: lines('• Sizes:', '', 'S | M', '--|--', '1 | 2', '', 'a', '-', 'b'),
    entities: [
      `pre:${lines('S | M', '--|--', '1 | 2')}`,
      `blockquote:${lines('a', '-', 'b')}`,
      `pre:${lines('a', '-', 'b')}`,
    ],
  },
  {
    name: 'code that is indented only',
    markdown: lines('Run:', '', '    make all', '    make test', '', 'Done.'),
    text: lines('Run:', '', 'make all', 'make test', '', 'Done.'),
    entities: [`pre:${lines('make all', 'make test')}`],
  },
  {
    name: 'links that Telegram cannot open',
    markdown: '[file](./docs/a_b.md), [top](#top), [mail](mailto:me@a.example), [путь](страница.html)',
    text: 'file (./docs/a_b.md), top, mail (me@a.example), путь (страница.html)',
    entities: [],
  },
])
