export { composeAuditRequest, encodeAuditRequest, parseAuditRequest, signAudit } from './audit.js';
export { stateAccounts, type StatedAccount } from './accounts.js';
export {
  captureOutputs,
  captureSpends,
  findBitcoinBlockAt,
  settleOutputs,
  type BitcoinCapture,
  type CapturedOutput,
} from './bitcoin/capture.js';
export { composeCarrier, listShownOutputs, readOutputSignature } from './bitcoin/import.js';
export { findBlockAt, loadHeader, type BlockPair } from './block.js';
export { captureChain, type CapturedWallet, type ChainCapture } from './capture.js';
export { captureWallets } from './capture-wallets.js';
export { compareReserves, type SharedWallet } from './compare.js';
export { refuseMaking, RESERVES_ERRORS } from './errors.js';
export {
  encodeReservesDirectory,
  signReserves,
  type ReservesFiles,
  type ReservesSigner,
} from './directory.js';
export {
  importConfirmation,
  importFile,
  importSignatures,
  importTransaction,
  type Imported,
} from './import.js';
export { askBalance, askNodes } from './nodes.js';
export { composeReserves, stateLiabilities, writeReserves, type PublishOptions } from './publish.js';
export { encodeRequests, listPsbtRequests, listRequests, type SignRequest } from './requests.js';
export { parseBeaconRound } from './second-instant.js';
export { REVIEWED_PINS } from './reviewed.js';
export { encodeRlpList } from './rpc.js';
export { openRpcNode, type RpcNode } from './rpc.js';
export { parseWallets, type WalletList } from './wallets.js';
export {
  composeWork,
  instantOf,
  loadWork,
  pinAccounts,
  pinBitcoin,
  pinBlocks,
  rebaseWork,
  replaceOutputs,
  saveImported,
  saveSpends,
  splitLines,
  saveWork,
  type AccountBlock,
  type ReservesWork,
  type WorkHead,
  WORK_PINS_FILE,
} from './work.js';
