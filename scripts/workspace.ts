/** Which folders belong to the workspace. */
import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of every package, app and example, but for those that are installed on their own. */
export function workspaceFolders(root: string): string[] {
  return globSync('{packages,apps,examples}/*/package.json', { cwd: root })
    .map(dirname)
    .filter((folder) => !existsSync(join(root, folder, 'pnpm-lock.yaml')))
    .toSorted()
}
