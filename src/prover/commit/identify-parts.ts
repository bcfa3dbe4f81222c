import {
  type Account,
  deriveIdHash,
  type FieldElement,
  type RunSecret,
  assertSums,
  commitPart,
  drawPartNonce,
  hashStatement,
  keyAuthenticator,
  parseStatement,
  ZERO,
  type Manifest,
  type AccountStatement,
} from '../../protocol/index.js';
import type { PlannedPart } from '../../plan/index.js';
import { refuseProver } from '../errors.js';

/** Makes the ids of an account's parts, all of them, in order. */
export type PartIdentifier = (account: Account, parts: readonly PlannedPart[]) => Uint8Array[];

/**
 * Identifies the parts of a run's accounts: part i of n, under the nonce of its own and the account's statement.
 * @returns throws SolventError `statement-mismatch` where a statement does not add up to the parts.
 */
export function partIdentifier(run: {
  readonly platform: string;
  readonly secret: RunSecret;
  readonly assets: Manifest['assets'];
}): PartIdentifier {
  const authenticate = keyAuthenticator(run.secret);
  return ({ userId, statement }, parts) => {
    const idHash = deriveIdHash(run.platform, userId);
    const statementHash = statement === undefined ? ZERO : hashOwnStatement(statement, parts, run.assets);
    return parts.map((_, index) =>
      commitPart({
        idHash,
        part: index + 1,
        partCount: parts.length,
        nonce: drawPartNonce(authenticate, userId, index + 1),
        statement: statementHash,
      }),
    );
  };
}

function hashOwnStatement(
  bytes: Uint8Array,
  parts: readonly PlannedPart[],
  assets: Manifest['assets'],
): FieldElement {
  let statement: AccountStatement;
  try {
    statement = parseStatement(bytes);
    assertSums(
      { statement },
      parts.map(({ row }) => row),
      assets,
    );
  } catch (cause) {
    throw refuseProver('statement-mismatch', {
      expected: 'a statement that adds up to the holdings of its account',
      found: 'another',
      cause,
    });
  }
  return hashStatement(statement);
}
