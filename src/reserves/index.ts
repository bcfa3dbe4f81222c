export { findBlockAt, type BlockPair } from './block.js';
export { captureChain, type CapturedWallet, type ChainCapture } from './capture.js';
export { compareReserves, type SharedWallet } from './compare.js';
export { refuseMaking, RESERVES_ERRORS, type ReservesCode } from './errors.js';
export { encodeReservesFolder, signReserves, type ReservesFiles, type ReservesSigner } from './folder.js';
export { importConfirmation, importSignatures, type Imported } from './import.js';
export { composeReserves, writeReserves, type PublishOptions } from './publish.js';
export { encodeRequests, listRequests, type SignRequest } from './requests.js';
export { REVIEWED_PINS } from './reviewed.js';
export { openRpcNode, type RpcNode } from './rpc.js';
export { parseWallets, type WalletList } from './wallets.js';
export {
  composeWork,
  loadWork,
  pinBlocks,
  rebaseWork,
  saveImported,
  saveWork,
  type ReservesWork,
  type WorkHead,
} from './work.js';
