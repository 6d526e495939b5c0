/**
 * The API report: what a package promises, as text that is reviewed with the change that alters it.
 * Run inside a package: compares `etc/<name>.api.md` with the built declarations, one report for
 * each entry point. `--local` writes the reports instead.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, { readonly types?: string }>>
}

const { values } = parseArgs({ options: { local: { type: 'boolean', default: false } } })
const folder = process.cwd()
const manifestPath = join(folder, 'package.json')
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest
const reports = join(folder, 'etc')
const scratch = join(folder, 'dist', '.api')
mkdirSync(reports, { recursive: true })
mkdirSync(scratch, { recursive: true })

/** `.` becomes `core`, `./next` becomes `core-next`. */
function reportName(entry: string): string {
  return [basename(manifest.name), ...entry.split('/').slice(1)].join('-')
}

function matches(entry: string, types: string): boolean {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: manifestPath,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      newlineKind: 'lf',
      compiler: {
        // Without the source condition: API Extractor stops when it meets a source file.
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2022', 'DOM', 'DOM.Iterable'],
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            strict: true,
            skipLibCheck: true,
            types: [],
          },
          include: ['dist/**/*.d.ts'],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${reportName(entry)}.api.md`,
        reportFolder: reports,
        reportTempFolder: scratch,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          // Everything that an entry point exports is public; nobody has to say so again.
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.Error },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Error },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      },
    },
  })
  return Extractor.invoke(config, { localBuild: values.local, showVerboseMessages: false })
    .succeeded
}

let ok = true
for (const [entry, { types }] of Object.entries(manifest.exports)) {
  if (types !== undefined) ok = matches(entry, types) && ok
}
if (!ok) {
  console.error('Document what is named above; where the API is meant to change, run `pnpm fix`.')
  process.exitCode = 1
}
