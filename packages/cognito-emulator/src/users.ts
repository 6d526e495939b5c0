import { createHash } from 'node:crypto'
import { checkKeys, text } from './checks.ts'
import { createVerifier, isPasswordOf, type Verifier } from './srp.ts'

/** A user to add, where a password alone does not say enough. */
export interface NewUser {
  /** At least one character; no other rule. Only a verifier of it is kept. */
  readonly password: string
  /** The address in the id token; the user can sign in with it too. Default: `<name>@example.com`, or the name itself where it is an address. */
  readonly email?: string | undefined
  /** The `sub` claim. Default: a UUID made of the pool's id and the name, so that it stays the same from one start to the next. */
  readonly sub?: string | undefined
  /** The `cognito:groups` claim of both tokens. Default: none, and then there is no claim. */
  readonly groups?: readonly string[] | undefined
  /** More attributes, for GetUser and the id token: `{ name: 'Alice', 'custom:tenant': 'acme' }`. Default: none. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

export interface User {
  readonly name: string
  readonly verifier: Verifier
  readonly sub: string
  readonly email: string
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

export interface Users {
  add(name: string, user: string | NewUser): void
  remove(name: string): boolean
  /** By name. */
  get(name: string): User | undefined
  /** By what was typed into a sign-in form: the name, or the e-mail address. */
  find(nameOrEmail: string): User | undefined
  hasPassword(user: User, password: string): boolean
  names(): string[]
}

/** The part of the pool's id that SRP mixes into the password: all after the underscore. */
export function poolNameOf(userPoolId: string): string {
  return userPoolId.slice(userPoolId.indexOf('_') + 1)
}

export function createUsers(userPoolId: string): Users {
  const poolName = poolNameOf(userPoolId)
  const users = new Map<string, User>()

  return {
    add(name, given) {
      const { password, email, sub, groups, attributes } = readNewUser(name, given)
      users.set(name, {
        name,
        verifier: createVerifier(poolName, name, password),
        sub: sub ?? uuidOf(`${userPoolId}/${name}`),
        email: email ?? (name.includes('@') ? name : `${name}@example.com`),
        groups: groups ?? [],
        attributes: attributes ?? {},
      })
    },
    remove: (name) => users.delete(name),
    get: (name) => users.get(name),
    find(nameOrEmail) {
      return (
        users.get(nameOrEmail) ?? [...users.values()].find((user) => user.email === nameOrEmail)
      )
    },
    hasPassword: (user, password) => isPasswordOf(user.verifier, poolName, user.name, password),
    names: () => [...users.keys()],
  }
}

function readNewUser(name: string, given: string | NewUser): NewUser {
  text('The name of a user', name, /^\S{1,128}$/u, '1 to 128 characters without spaces')
  const option = `users.${name}`
  const user: unknown = typeof given === 'string' ? { password: given } : given
  checkKeys(option, user, ['password', 'email', 'sub', 'groups', 'attributes'])
  if (typeof user.password !== 'string' || user.password === '') {
    throw new TypeError(`${option}.password must be a string of at least one character.`)
  }
  if (user.email !== undefined)
    text(`${option}.email`, user.email, /^\S+@\S+$/, 'an e-mail address')
  if (user.sub !== undefined) text(`${option}.sub`, user.sub, /^\S+$/, 'a string without spaces')
  if (user.groups !== undefined && !isTexts(user.groups))
    throw new TypeError(`${option}.groups must be an array of strings.`)
  if (user.attributes !== undefined && !isTextRecord(user.attributes)) {
    throw new TypeError(`${option}.attributes must be an object whose values are strings.`)
  }
  return user as unknown as NewUser
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isTextRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    isTexts(Object.values(value))
  )
}

function uuidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
