import { expect, test } from 'vitest'
import { readCallParameters } from '../../src/bot-api/call-parameters.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

async function read(request: { query?: string; contentType?: string; body?: string | Buffer }) {
  const { query = '', contentType = JSON_TYPE, body = '' } = request
  return readCallParameters({ query, contentType, bytes: Buffer.from(body) })
}

const payloadOf = async (request: Parameters<typeof read>[0]) => {
  const parameters = await read(request)
  return parameters.kind === 'read' ? parameters.payload : parameters.refusal
}

async function formOf(form: FormData): Promise<{ contentType: string; body: Buffer }> {
  const response = new Response(form)
  const contentType = response.headers.get('content-type') ?? ''
  return { contentType, body: Buffer.from(await response.arrayBuffer()) }
}

test('parameters stand in the address, in JSON, in a form; the address goes before the body, the first before the second', async () => {
  expect(await payloadOf({ body: '{"chat_id":1,"text":"a"}' })).toEqual({ chat_id: 1, text: 'a' })
  expect(await payloadOf({ query: 'chat_id=1&text=a+b%26&text=c' })).toEqual({ chat_id: '1', text: 'a b&' })
  const form = { contentType: 'application/x-www-form-urlencoded', body: 'text=b&chat_id=2&text=c' }
  expect(await payloadOf({ ...form, query: 'chat_id=1' })).toEqual({ chat_id: '1', text: 'b' })
  expect(await payloadOf({ contentType: 'text/plain', body: 'anything', query: 'a=1' })).toEqual({ a: '1' })
  expect(await payloadOf({})).toEqual({})
})

test('letters beyond ASCII may stand in the address as they are', async () => {
  const query = Buffer.from('text=привет').toString('latin1')
  expect(await payloadOf({ query })).toEqual({ text: 'привет' })
})

test('a whole number that JavaScript would round stays as it is written', async () => {
  const body = '{"a":5104841245755180586,"b":[-9007199254740993],"c":9007199254740991,"d":1.5,"e":1e300}'
  expect(await payloadOf({ body })).toEqual({
    a: '5104841245755180586',
    b: ['-9007199254740993'],
    c: 9007199254740991,
    d: 1.5,
    e: '1e300',
  })
})

test('what is no object of parameters is refused', async () => {
  for (const body of ['{', '[1]', '"text"', '7', 'null'])
    expect(await payloadOf({ body })).toMatchObject({ error_code: 400 })
  expect(await payloadOf({ body: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) })).toMatchObject({
    error_code: 413,
  })
  for (const contentType of ['multipart/form-data', 'multipart/form-data; boundary=x'])
    expect(await payloadOf({ contentType, body: 'no form' })).toMatchObject({ error_code: 400 })
})

test('fields of a form with files are read, files are only noticed', async () => {
  const form = new FormData()
  form.set('chat_id', '1')
  form.append('text', '{"a":1}')
  form.append('text', 'second')
  expect(await read(await formOf(form))).toEqual({
    kind: 'read',
    payload: { chat_id: '1', text: '{"a":1}' },
    hasFiles: false,
  })
  form.set('photo', new Blob([new Uint8Array(3 * 1024 * 1024)]), 'a.jpg')
  expect(await read(await formOf(form))).toMatchObject({ payload: { chat_id: '1' }, hasFiles: true })
})

test('a part without a file name is a field, whatever its type', async () => {
  const body =
    '--x\r\nContent-Disposition: form-data; name="media"\r\nContent-Type: application/octet-stream\r\n\r\n[]\r\n--x--\r\n'
  expect(await read({ contentType: 'multipart/form-data; boundary=x', body })).toEqual({
    kind: 'read',
    payload: { media: '[]' },
    hasFiles: false,
  })
})
