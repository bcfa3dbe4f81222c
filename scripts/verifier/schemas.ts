/**
 * Writes the JSON Schemas of the published formats from the schemas that the verifier itself parses with.
 */
import { join } from 'node:path';

import { z } from 'zod';

import { projectRoot } from '../../src/system/index.js';
import { FILE_KINDS, primitives as p, PUBLISHED_FILES, PUBLISHED_SCHEMAS } from '../../src/protocol/index.js';
import { tokenAmount, unitAmount } from '../../src/protocol/reserves/index.js';
import { describeScript } from '../command-line.js';
import { keepGenerated } from './generated.js';

type Described = { readonly pattern?: string; readonly description: string };

const PLAIN_DECIMAL = '^(?:0|[1-9][0-9]{0,76})$';
const CANONICAL_DECIMAL = '^(?:0|[1-9][0-9]{0,29})(?:\\.[0-9]{0,29}[1-9])?$';

/** What a JSON Schema cannot say of these texts is said in words; the pattern is as near as it comes. */
const DESCRIBED = new Map<unknown, Described>([
  [p.fieldElement, { pattern: PLAIN_DECIMAL, description: 'A scalar of BN254, below its order r.' }],
  [
    p.coordinate,
    { pattern: PLAIN_DECIMAL, description: 'A coordinate, below the modulus of the base field.' },
  ],
  [p.amount, { pattern: PLAIN_DECIMAL, description: 'An amount in proof units, below 2^64.' }],
  [p.grandTotal, { pattern: PLAIN_DECIMAL, description: 'A total in proof units, below 2^108.' }],
  [
    p.instant,
    {
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{0,8}[1-9])?Z$',
      description: 'An instant in UTC, in the one canonical form of RFC 3339.',
    },
  ],
  [
    p.name,
    { description: 'Unicode NFC, 1 to 256 bytes of UTF-8, no control characters, no outer white space.' },
  ],
  [
    p.statedDecimal,
    {
      pattern: CANONICAL_DECIMAL,
      description: 'A decimal, not negative, with at most 30 digits on either side of its point.',
    },
  ],
  [
    tokenAmount,
    {
      pattern: '^[1-9][0-9]{0,77}$',
      description: 'An amount in the token’s own units, above 0 and below 2^256.',
    },
  ],
  [
    unitAmount,
    { pattern: '^[1-9][0-9]{0,32}$', description: 'An amount in proof units, above 0 and below 2^108.' },
  ],
  [p.integer248, { pattern: PLAIN_DECIMAL, description: 'An integer below 2^248.' }],
  [
    p.bytes32,
    {
      pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
      description: '32 bytes in base64url without padding: a point, an id or a hash of a group.',
    },
  ],
  [
    p.fieldElements,
    {
      pattern: '^[A-Za-z0-9_-]{43,}$',
      description:
        'Scalars of BN254, each below its order r in 32 bytes, big-endian, one behind the other in base64url without padding.',
    },
  ],
  [p.countBelow, { description: 'A power of two: that just above a count, and 1 for none.' }],
  [p.ratio, { pattern: '^(?:1|0(?:\\.[0-9]{0,29}[1-9])?)$', description: 'A decimal from 0 to 1.' }],
]);

/** Lines of prose, in a pattern for readers that know no classes of Unicode: surrogates are not text in JSON anyway. */
const PROSE = z.toJSONSchema(p.prose).pattern;
const PORTABLE_PROSE = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';

const { check = false } = describeScript('node dist/scripts/verifier/schemas.js', {
  does: 'Write the JSON Schemas of the published formats from what the verifier parses with.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where a file is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();

const files = FILE_KINDS.map((kind) => {
  const { name, title } = PUBLISHED_FILES[kind].schema;
  return {
    path: join(projectRoot(), 'conformance/schemas', `${name}.schema.json`),
    text: `${JSON.stringify(toJsonSchema(name, title, PUBLISHED_SCHEMAS[kind]), null, 2)}\n`,
  };
});
process.exitCode = await keepGenerated(files, { check });

function toJsonSchema(name: string, title: string, schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      const described = DESCRIBED.get(zodSchema);
      if (described !== undefined) Object.assign(jsonSchema, described);
      if (jsonSchema.pattern === PROSE) jsonSchema.pattern = PORTABLE_PROSE;
    },
  });
  const description =
    'Canonical JSON (RFC 8785). The verifier also checks what a schema cannot say, such as ranges of long numbers.';
  return { $schema, $id: `urn:solvent:${name}:v2`, title, description, ...rest };
}
