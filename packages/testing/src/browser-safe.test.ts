import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const imported = (file: string, seen = new Map<string, string[]>()): Map<string, string[]> => {
  if (seen.has(file)) return seen
  // Lines of a docstring are no imports.
  const lines = readFileSync(file, 'utf8').matchAll(/^(?! \*).* from '([^']+)'$/gm)
  const names = [...lines].map(([, specifier]) => specifier!)
  seen.set(file, names)
  for (const name of names) if (name.startsWith('.')) imported(join(file, '..', name), seen)
  return seen
}

test('the main entry runs in browsers: it imports core and its own files, and nothing of Node', () => {
  const files = imported(join(import.meta.dirname, 'index.ts'))
  expect(files.size).toBeGreaterThan(12)
  const foreign = [...files.values()].flat().filter((name) => !name.startsWith('.'))
  expect(new Set(foreign)).toEqual(new Set(['@unexpired/core']))
  const text = [...files.keys()].map((file) => readFileSync(file, 'utf8')).join('')
  expect(text).not.toMatch(/\b(Buffer|process|require|__dirname)\b\s*[.(]/)
})
