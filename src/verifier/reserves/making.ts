// What makers of reserves use of their verifier, so that both read the same state in the same way. No entry of the package.
export { checkRegistry, readRegistry, type RegistryState } from '../checks/registry.js';
export { deriveRegistrySlot, REGISTRY_SLOTS } from './evm/registry.js';
export { hashEvm, parseEvmHeader, type EvmHeader } from './evm/header.js';
export { hashMessage, parseEvmSignature, recoverWithNoble } from './evm/signature.js';
export { deriveSlot, EMPTY_CODE_HASH, hashDelegation, ProvenState, type MissingNode } from './evm/state.js';
export { assertNotFrozen, assertTokenCode, readTokenBalance } from './evm/token.js';
export { NodeSet } from './evm/trie.js';
export { readSafe, type WalletOwners } from './evm/wallet-contract.js';
export { decodeAccount } from './accounts/addresses.js';
export { checkAccountSignature } from './accounts/control.js';
export { parseCoseKey, spellCoseSign1 } from './accounts/cose.js';
export { decodeBase58 } from './encodings.js';
export { BitcoinChain, type BitcoinContents } from './bitcoin/chain.js';
export { buildBranches } from './bitcoin/headers.js';
export {
  BitcoinReader,
  encodeOutput,
  encodeSized,
  encodeTransaction,
  formatHash,
  hashAnyTransaction,
  hashTransaction,
  hashTwice,
  isCoinbase,
  parseTransaction,
  takeTransaction,
  type BitcoinTransaction,
} from './bitcoin/transaction.js';
export { addressOf } from './bitcoin/script.js';
export { checkBitcoinEvidence, formCanonical, listScripts } from './bitcoin/control.js';
export { composeToSpend } from './bitcoin/message.js';
export { parsePsbt } from './bitcoin/psbt.js';
export { verifyWithNoble } from './bitcoin/spend.js';
export { HeaderChain } from './bitcoin/headers.js';
export { sortNodes, surveyReserves, type ReservesDraft, type ReservesSurvey } from './survey.js';
