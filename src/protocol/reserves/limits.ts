/** Bytes of `reserves.json`, whose lists are short: entries are in a file of their own. */
export const MAX_RESERVES_BYTES = 1024 * 1024;
/** Bytes of a pins file: some 4,000 reviewed tokens. */
export const MAX_PINS_BYTES = 4 * 1024 * 1024;
/** Bytes of a signature file. */
export const MAX_SIGNATURE_BYTES = 4096;
/** Bytes of `entries.ndjson`: some two million entries. */
export const MAX_ENTRIES_BYTES = 768 * 1024 * 1024;
/** Bytes of one line of it. */
export const MAX_ENTRY_BYTES = 4096;
/** Bytes of `evidence.ndjson`. */
export const MAX_EVIDENCE_BYTES = 768 * 1024 * 1024;
/** Bytes of one line of it: a custodian confirms thousands of accounts in one. */
export const MAX_EVIDENCE_LINE_BYTES = 4 * 1024 * 1024;
/** Bytes of one block header: some chains keep their validators in it. */
export const MAX_HEADER_BYTES = 64 * 1024;
/** Bytes of a file of headers: its label, and two of them with their lengths. */
export const MAX_HEADERS_BYTES = 2 * (MAX_HEADER_BYTES + 4) + 64;
/** Bytes of the largest trie node: a branch with 16 hashes and an empty value. */
export const MAX_NODE_BYTES = 532;
/** Nodes of one chain: more than a million wallets need. */
export const MAX_NODES = 1 << 22;
/** Bytes of a node set: what Node holds in one array, with room. */
export const MAX_STATE_BYTES = 1024 * 1024 * 1024;
/** Chains of one file of reserves, and of pins. */
export const MAX_CHAINS = 64;
/** Custodians, encumbrances, reviewed wallet contracts and delegates. */
export const MAX_NAMED = 1024;
/** Pinned tokens. */
export const MAX_TOKENS = 4096;
/** Owners of a wallet contract. */
export const MAX_OWNERS = 64;
/** Wallets and amounts that one confirmation lists. */
export const MAX_CONFIRMED = 20_000;
/** Decimals of a token: a byte in every contract, and below what anyone uses. */
export const MAX_TOKEN_DECIMALS = 77;
/** Headers of one Bitcoin network: more than it will have for decades. */
export const MAX_BITCOIN_HEADERS = 1 << 22;
/** Bytes of a file of them. */
export const MAX_BITCOIN_HEADERS_BYTES = 80 * MAX_BITCOIN_HEADERS + 64;
/** Bytes of a Bitcoin transaction: those of a block. */
export const MAX_TRANSACTION_BYTES = 4_000_000;
/** Transactions of one network. */
export const MAX_TRANSACTIONS = 1 << 21;
/** Bytes of a file of them: what Node holds in one array, with room. */
export const MAX_TRANSACTIONS_BYTES = 1024 * 1024 * 1024;
/** Hashes of a Merkle branch: a block of 4 MB has fewer than 2^17 transactions. */
export const MAX_BRANCH_HASHES = 17;
/** Characters of evidence of a Bitcoin key: a proof of funds over thousands of outputs. */
export const MAX_SIGNATURE_CHARACTERS = 2 * 1024 * 1024;
