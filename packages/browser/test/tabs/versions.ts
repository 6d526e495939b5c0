import type { OtherVersion } from './bundles.ts'

/** A later version of core, with an option and a method that this one does not know. */
export const newer: OtherVersion = {
  'core/src/options.ts': [
    ['  keepFresh: false,\n', '  keepFresh: false,\n  later: 5,\n'],
    ['  bufferMs: time,\n', '  bufferMs: time,\n  later: time,\n'],
  ],
  'core/src/policy.ts': [
    [
      '    settings: settings.shown,\n',
      "    settings: settings.shown,\n    later: () => 'later',\n",
    ],
  ],
}

/** A version of core that this one cannot share a policy with. */
export const incompatible: OtherVersion = {
  'core/src/share.ts': [['const protocol = 1', 'const protocol = 2']],
}
