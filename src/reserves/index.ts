export { findBlockAt, type BlockPair } from './block.js';
export { captureChain, type CapturedWallet, type ChainCapture } from './capture.js';
export type { CaptureCode, ImportCode, WorkCode } from './errors.js';
export { encodeReservesFolder, signReserves, type ReservesFiles, type ReservesSigner } from './folder.js';
export { openRpcNode, type RpcNode } from './rpc.js';
