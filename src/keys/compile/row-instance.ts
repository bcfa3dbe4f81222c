import { assertLayout, deriveDigestIv, type RowLayout } from '../../protocol/index.js';

/** Inputs that a verifier gives, in the order in which their template declares them and every proof lists them. */
const CHALLENGES = { spot: ['rho', 'x'], margin: ['rho', 'x', 'gamma'] } as const;

/**
 * The main file of a circuit of rows: its template with its layout and the constant that follows from it.
 * @throws SolventError `layout-malformed`.
 */
export function generateRowMain(layout: RowLayout): string {
  assertLayout(layout);
  const { kind, indexBits, rows, slots, netBits, groupRows } = layout;
  const template = kind === 'spot' ? 'SpotRows' : 'MarginRows';
  const sizes = [indexBits, rows, slots, ...(kind === 'margin' ? [netBits] : []), groupRows];
  return [
    'pragma circom 2.2.0;',
    '',
    `include "${template}.circom";`,
    '',
    `component main {public [${CHALLENGES[kind].join(', ')}]} = ${template}(${[deriveDigestIv(layout), ...sizes].join(', ')});`,
    '',
  ].join('\n');
}
