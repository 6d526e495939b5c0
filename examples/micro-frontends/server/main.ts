import { startShop } from './start.ts'

const { url, pool } = await startShop({ port: Number(process.env['PORT'] ?? 8080) })
pool.subscribe(({ operation, outcome }) => console.log(`Cognito: ${operation} ${outcome}`))
console.log(`Open ${url}`)
