import { expect, test } from 'vitest'
import { multipartBody } from '../src/multipart-body.ts'

/** Reads a body as a foreign implementation does. */
function read({ bytes, contentType }: ReturnType<typeof multipartBody>): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
}

test('objects go as JSON, texts as they are, and what is not there is left out', async () => {
  const payload = {
    chat_id: -5,
    caption: 'ünï "quoted"\r\n--line',
    disable_notification: false,
    reply_parameters: { message_id: 9 },
    caption_entities: [{ type: 'bold', offset: 0, length: 1 }],
    message_thread_id: undefined,
    reply_markup: null,
  }
  const form = await read(multipartBody(payload, []))
  expect(Object.fromEntries(form)).toEqual({
    chat_id: '-5',
    caption: 'ünï "quoted"\r\n--line',
    disable_notification: 'false',
    reply_parameters: '{"message_id":9}',
    caption_entities: '[{"type":"bold","offset":0,"length":1}]',
  })
})

test('files keep their bytes and their names', async () => {
  const bytes = Buffer.from([0, 13, 10, 45, 45, 255])
  const file = { field: 'document', fileName: 'résumé "1".txt', bytesBase64: bytes.toString('base64') }
  const form = await read(multipartBody({}, [file]))
  const got = form.get('document') as File
  expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes)
  expect(decodeURIComponent(got.name)).toBe('résumé "1".txt')
})

test('a name cannot end its line', () => {
  const file = { field: 'a"\r\nX-Evil: 1', fileName: 'b"\r\nX-Evil: 1', bytesBase64: '' }
  expect(multipartBody({}, [file]).bytes.toString()).not.toContain('\r\nX-Evil')
})
