/** Makes calls with a client as one writes it by hand: each chat's one after another, 64 chats at once. */
import { createPeer, type PeerName } from '../peers.ts'
import { sampleText } from '../sample-text.ts'
import { cpuMicros, inParallel, readOptions, reportAndEnd, sayReady } from './role.ts'

const options = readOptions<{
  peer: PeerName
  apiRoot: string
  token: string
  kind: 'messages' | 'edits'
  chats: number
  calls: number
  sentences: number
}>()
const peer = createPeer(options.peer, options)
const { chats, calls, kind, sentences } = options

async function callChats(perChat: number): Promise<void> {
  await inParallel(chats, 64, async (index) => {
    const chat = 1 + index
    const messageId = kind === 'edits' ? await peer.send(chat, sampleText(1, 'begins')) : 0
    for (let n = 0; n < perChat; n++) {
      const text = sampleText(sentences, `${n} of ${perChat}`)
      if (kind === 'edits') await peer.edit(chat, messageId, text)
      else await peer.send(chat, text)
    }
  })
}

sayReady()
// Warm before it is measured.
await callChats(10)
const startedAt = performance.now()
const cpu = cpuMicros()
await callChats(calls / chats)
reportAndEnd({ ms: performance.now() - startedAt, microsPerCall: (cpuMicros() - cpu) / calls })
