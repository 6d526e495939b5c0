import type { BodyKind, ContractRequest } from './harness.ts'

/** What is sent as bytes, and how much of it. */
export const bytes: Uint8Array<ArrayBuffer> = Uint8Array.from(
  { length: 3_000 },
  (_, i) => (i * 7) % 256,
)

const file = (): Blob => new Blob([bytes], { type: 'image/png' })

const contents: Readonly<Record<BodyKind, () => unknown>> = {
  text: () => 'plain words, ümläuts and 🙂',
  json: () => ({ query: '{ me { name } }', list: [1, 2, 3], word: 'ü🙂' }),
  'search-params': () =>
    new URLSearchParams([
      ['a', '1'],
      ['a', '2'],
      ['b', 'ü & ='],
    ]),
  'form-data': () => {
    const form = new FormData()
    form.append('field', 'ü')
    form.append('field', 'again')
    form.append('file', file(), 'picture.png')
    return form
  },
  blob: file,
  'array-buffer': () => bytes.slice().buffer,
  // A view that is not its whole buffer, which is where copies go wrong.
  'typed-array': () => bytes.slice().subarray(100, 2_000),
  stream: () =>
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes.slice(0, 1_000))
        controller.enqueue(bytes.slice(1_000))
        controller.close()
      },
    }),
}

/** A new body of this kind; all of one kind are of the same bytes. */
export const bodyOf = (kind: BodyKind): NonNullable<ContractRequest['body']> => ({
  kind,
  content: contents[kind](),
})

/** A content type without what multipart bodies draw anew for each send. */
export const withoutBoundary = (type: string | undefined): string | undefined =>
  type?.replace(/boundary=.*/, '')
