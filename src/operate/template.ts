import { stringify } from 'yaml';

/** What a first configuration is written from. */
export type FirstOperation = {
  readonly platform: string;
  readonly books: string;
  readonly schedule: string;
  readonly keys: string;
  readonly identity: string;
  readonly trust: string;
};

/** A commented configuration of an operation, to begin one's own from. */
export function formatOperation(first: FirstOperation): string {
  const quote = (text: string) => stringify(text, { defaultStringType: 'QUOTE_SINGLE' }).trimEnd();
  return `\
# A platform's days: what is made, from what, and where it goes. Paths are relative to this file; {date} stands for the day of
# the instant, 2026-01-31, and {instant} for 2026-01-31T000000Z. What each key means: docs/operations.md.
#
#   solvent operate check THIS_FILE      looks at all of it, and makes nothing
#   solvent operate run THIS_FILE        what the scheduler runs, as often as you like
format: solvent/operation/v1
platform: ${quote(first.platform)}
books: { config: ${quote(first.books)} }
# In place of books: balances: { file: 'balances-{date}.csv', assets: 'assets-{date}.csv', quote: USD }
schedule: ${quote(first.schedule)}
missed: skip # of several that are due only the last is made; or make, which makes each in order
settle: 10m # how long after its instant a snapshot is due
patience: 2h # how long a source may be late before it is overdue
keys: ${quote(first.keys)}
trust: ${quote(first.trust)}
identity:
  file: ${quote(first.identity)}
  # passphraseFile: /run/credentials/solvent.service/passphrase   # or the variable SOLVENT_PASSPHRASE
# In place of a file: identity: { variable: SOLVENT_SIGNING_KEY }, or { command: [sign-with-hsm], publicKey: 64 digits }
state: state # private: snapshots, runs with their secrets, inclusion archives
site: site # public: a link to the version that is published
# reserves: { wallets: 'wallets.csv', nodes: { 'eip155:1': ETHEREUM_NODE }, sign: [sign-wallets] }
retention: { snapshots: 31d, runs: 400d, sites: '2' }
# queue: { variable: SOLVENT_QUEUE } # workers of other machines make the proofs; the variable holds the URL of their database
# hooks: { published: [announce], refused: [page-somebody], failed: [page-somebody] }
# metrics: { file: /var/lib/node_exporter/textfile_collector/solvent.prom, port: '9464' }
`;
}
