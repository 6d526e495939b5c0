import NpmFormData from 'form-data'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'

import { isOneShot } from './one-shot.ts'

const words = async function* () {
  yield 'words'
}

test.each([
  ['a Node stream', Readable.from(['words'])],
  ['an npm form-data', new NpmFormData()],
  ['a web stream', new ReadableStream()],
  ['a web stream of a browser that cannot iterate it', { getReader: () => undefined }],
  ['an async iterable', words()],
])('%s is used up by the first sending', (_, body) => {
  expect(isOneShot(body)).toBeTruthy()
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', 'words'],
  ['a number', 7],
  ['an object', { piper: true }],
  ['an ArrayBuffer', new ArrayBuffer(1)],
  ['bytes', new Uint8Array(1)],
  ['a Buffer', Buffer.from('words')],
  ['a Blob', new Blob(['words'])],
  ['a form', new FormData()],
  ['parameters', new URLSearchParams()],
])('%s can be sent again', (_, body) => {
  expect(isOneShot(body)).toBeFalsy()
})
