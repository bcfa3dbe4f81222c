import {
  type Account,
  deriveIdHash,
  type FieldElement,
  type RunSecret,
  assertSums,
  commitPart,
  derivePartNonce,
  hashStatement,
  parseStatement,
  ZERO,
  type Manifest,
  type AccountStatement,
} from '../../protocol/index.js';
import type { PlannedPart } from '../../plan/index.js';
import { refuseProver } from '../errors.js';

/**
 * The id of each part of an account, in order: part i of n, under the nonce of its own and the account's statement.
 * @param parts all of the account's, as planned.
 * @throws SolventError `statement-mismatch` where the statement does not add up to the parts.
 */
export function identifyParts(
  { userId, statement }: Account,
  parts: readonly PlannedPart[],
  run: {
    readonly platform: string;
    readonly secret: RunSecret;
    readonly assets: Manifest['assets'];
  },
): Uint8Array[] {
  const idHash = deriveIdHash(run.platform, userId);
  const statementHash = statement === undefined ? ZERO : hashOwnStatement(statement, parts, run.assets);
  return parts.map((_, index) =>
    commitPart({
      idHash,
      part: index + 1,
      partCount: parts.length,
      nonce: derivePartNonce(run.secret, userId, index + 1),
      statement: statementHash,
    }),
  );
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
