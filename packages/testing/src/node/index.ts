export { adapterContract, failingCases } from './contract/adapter-contract.ts'
export type { ContractOptions, TestFramework } from './contract/adapter-contract.ts'
export type {
  AdapterCapabilities,
  AdapterHarness,
  BodyKind,
  ClientContext,
  ContractRequest,
  ContractResult,
} from './contract/harness.ts'
export { doNoHarm } from './contract/do-no-harm.ts'
export type { DoNoHarmOptions, OwnScene } from './contract/do-no-harm.ts'
export { fetchHarness } from './contract/fetch-harness.ts'
export type { FetchFunction } from './contract/fetch-harness.ts'
export { survivors } from './contract/garbage.ts'
export { loopbackApi } from './loopback-api.ts'
export type { Hold, LoopbackApi, LoopbackApiOptions } from './loopback-api.ts'
export type { ReceivedRequest } from './received-request.ts'
export type { Listening } from './listen.ts'
export { tokenEndpoint } from './token-endpoint.ts'
export type { TokenEndpoint } from './token-endpoint.ts'
// What the functions here take and give, so that one import is enough.
export type {
  AccessCheck,
  Device,
  DeviceOptions,
  DeskAnswer,
  FaultQueue,
  FaultScript,
  IdpFault,
  IdpToken,
  JumpOptions,
  LedgerRules,
  OpenRecord,
  Refusal,
  RefreshDesk,
  RefreshLog,
  RefreshRecord,
  ScriptedIdp,
  ScriptedSource,
  ScriptedSourceOptions,
  VirtualClock,
} from '../index.ts'
