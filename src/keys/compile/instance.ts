import { assertLayout, deriveDigestIv, publicInputNames, type RowLayout } from '../../protocol/index.js';

/**
 * The main file of a circuit: its template with its layout and the constant that follows from it.
 * @throws SolventError `layout-malformed`.
 */
export function generateMain(layout: RowLayout): string {
  assertLayout(layout);
  const { kind, indexBits, rows, slots, netBits, groupRows } = layout;
  const template = kind === 'spot' ? 'SpotRows' : 'MarginRows';
  const sizes = [indexBits, rows, slots, ...(kind === 'margin' ? [netBits] : []), groupRows];
  return [
    'pragma circom 2.2.0;',
    '',
    `include "${template}.circom";`,
    '',
    `component main {public [${publicInputNames(kind).join(', ')}]} = ${template}(${[deriveDigestIv(layout), ...sizes].join(', ')});`,
    '',
  ].join('\n');
}
