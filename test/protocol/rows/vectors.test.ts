import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  bytesToHex,
  deriveIdHash,
  derivePriceTable,
  hexToBytes,
  utf8ToBytes,
} from '../../../src/protocol/index.js';
import type { FieldElement } from '../../../src/protocol/index.js';
import * as rows from '../../../src/protocol/index.js';
import { computeBatchDigest } from '../../../src/prover/commit/commit-batch.js';
import { poseidon, sponge, portableSponge } from '../../../src/prover/poseidon/poseidon.js';

type VectorRow = {
  slots: { amount: string; index: number; side: 0 | 1 }[];
  V: string;
  id: string;
  words: string[];
};
type VectorBatch = {
  layout: rows.RowLayout;
  rows: VectorRow[];
  elements: string[];
  content: string;
  seed: string;
  blind: string;
  maskL: string;
  maskK: string;
  masks: string[][];
  maskBlinds: string[];
  rowBlinds: string[];
  points: string[];
  maskPoints: string[];
  groups: string[];
  list: string;
  digest: string;
  L: string;
  K: string | null;
  z: string[];
  zr: string[];
};
type VectorRun = {
  secret: string;
  salt: string;
  indexBits: number;
  prices: { collateral: string; full: string }[];
  manifestContent: string;
  runContent: string;
  runSeed: string;
  commitments: string;
  commitmentsHash: string;
  manifestHash: string;
  gamma: string;
  weightBlinds: string[];
  weights: string[];
  weightsHash: string;
  x: string;
  rho: string;
  zW: string | null;
  totals: { equity: string[]; debt: string[] };
  batches: VectorBatch[];
};
type Vectors = {
  generators: { name: string; bytes: string }[];
  points: {
    accepted: { bytes: string; x: string; y: string }[];
    refused: { why: string; bytes: string }[];
  };
  layouts: {
    layout: rows.RowLayout;
    s: number;
    W: number;
    elements: number;
    Gn: number;
    sizes: number[];
    signals: number;
    tag: string;
    div: string;
  }[];
  parts: (Record<'idHash' | 'nonce' | 'statement' | 'id', string> & { part: number; partCount: number })[];
  nonces: { secret: string; userId: string; part: number; nonce: string }[];
  users: { platform: string; userId: string; idHash: string }[];
  statements: { json: string; hash: string }[];
  priceTables: {
    assets: { price: string; collateralRatio: string; decimals: number }[];
    scale: number;
    prices: { collateral: string; full: string }[];
  }[];
  sponge: { iv: string; values: string[]; hash: string }[];
  runs: Record<string, VectorRun>;
};

/** Made by scripts/vectors/rows.py, which knows the text of the protocol and nothing of this program. */
const VECTORS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/rows.json'), 'utf8'),
) as Vectors;

const field = (text: string) => BigInt(text) as FieldElement;
const fields = (texts: readonly string[]) => texts.map(field);
const texts = (values: readonly bigint[]) => values.map(String);
const hex = (point: rows.CurvePoint) => bytesToHex(rows.encodePoint(point));

function readRow(layout: rows.RowLayout, { slots, V, id }: VectorRow): rows.IdentifiedRow {
  return {
    slots: slots.map(({ amount, index, side }) => ({
      amountUnits: BigInt(amount),
      assetIndex: index,
      ...(layout.kind === 'margin' ? { side } : {}),
    })),
    netValue: BigInt(V),
    id: hexToBytes(id),
  };
}

describe('vectors of a second program: single values', () => {
  it.each(VECTORS.generators)('makes the generator named "$name"', ({ name, bytes }) => {
    expect(hex(rows.hashToPoint(name))).toBe(bytes);
  });

  it.each(VECTORS.points.accepted)('reads and writes the point $bytes', ({ bytes, x, y }) => {
    const point = rows.parsePoint(hexToBytes(bytes));
    expect(texts([point.toAffine().x, point.toAffine().y])).toEqual([x, y]);
    expect(hex(point)).toBe(bytes);
  });

  it.each(VECTORS.points.refused)('refuses a point with $why', ({ bytes }) => {
    expect(() => rows.parsePoint(hexToBytes(bytes))).toThrow(
      expect.objectContaining({ errorClass: 'format', code: 'point-form' }) as Error,
    );
  });

  it.each(VECTORS.layouts)('lays out $layout', (vector) => {
    const { layout } = vector;
    rows.assertLayout(layout);
    expect(rows.slotBits(layout)).toBe(vector.s);
    expect(rows.wordCount(layout)).toBe(vector.W);
    expect(rows.elementCount(layout)).toBe(vector.elements);
    expect(rows.groupCount(layout)).toBe(vector.Gn);
    expect(vector.sizes.map((_, group) => rows.groupSize(layout, group))).toEqual(vector.sizes);
    expect(rows.publicSignalCount(layout)).toBe(vector.signals);
    expect(String(rows.deriveCircuitTag(layout))).toBe(vector.tag);
    expect(String(rows.deriveDigestIv(layout))).toBe(vector.div);
  });

  it.each(VECTORS.parts)('commits to part $part of $partCount', (vector) => {
    const { idHash, nonce, statement, part, partCount } = vector;
    const id = rows.commitPart({
      idHash: field(idHash),
      nonce: field(nonce),
      statement: field(statement),
      part,
      partCount,
    });
    expect(bytesToHex(id)).toBe(vector.id);
  });

  it.each(VECTORS.nonces)('derives the nonce of part $part of $userId', ({ secret, userId, part, nonce }) => {
    expect(String(rows.derivePartNonce(hexToBytes(secret), userId, part))).toBe(nonce);
  });

  it.each(VECTORS.users)('hashes the id $userId of $platform', ({ platform, userId, idHash }) => {
    expect(String(deriveIdHash(platform, userId))).toBe(idHash);
  });

  it.each(VECTORS.statements)('hashes the statement $json', ({ json, hash }) => {
    expect(String(rows.hashStatement(rows.parseStatement(utf8ToBytes(json))))).toBe(hash);
  });

  it.each(VECTORS.priceTables)('makes the prices of $assets', ({ assets, scale, prices }) => {
    const table = derivePriceTable(assets.map((asset, index) => ({ symbol: `A${index}`, ...asset })));
    expect(table.scale).toBe(scale);
    expect(
      table.prices.map(({ collateral, full }) => ({ collateral: String(collateral), full: String(full) })),
    ).toEqual(prices);
  });

  it.each(VECTORS.sponge)('hashes from $iv as the second program’s own Poseidon does', (vector) => {
    expect(String(sponge(poseidon, field(vector.iv), fields(vector.values)))).toBe(vector.hash);
  });
});

describe.each(Object.entries(VECTORS.runs))('vectors of a second program: a run of %s', (_, run) => {
  const batches = run.batches.map((vector) => ({
    vector,
    layout: vector.layout,
    rows: vector.rows.map((row) => readRow(vector.layout, row)),
  }));
  const codes = rows.listCodes(
    run.indexBits,
    run.prices.map(({ collateral, full }) => ({ collateral: BigInt(collateral), full: BigInt(full) })),
  );
  const margin = batches.filter(({ layout }) => layout.kind === 'margin');
  const challenges = { gamma: field(run.gamma), x: field(run.x), rho: field(run.rho) };

  it('packs words and elements', () => {
    for (const { vector, layout, rows: packed } of batches) {
      expect(packed.map(({ slots }) => texts(rows.packWords(layout, slots)))).toEqual(
        vector.rows.map(({ words }) => words),
      );
      expect(texts(rows.packElements(layout, packed))).toEqual(vector.elements);
    }
  });

  it('derives the content, the seeds, and every mask and blind', () => {
    const contents = batches.map(({ layout, rows: packed }) => rows.hashBatchContent(layout, packed));
    expect(contents.map(bytesToHex)).toEqual(run.batches.map(({ content }) => content));
    const runContent = rows.hashRunContent({
      salt: hexToBytes(run.salt),
      batchContents: contents,
      manifestJson: utf8ToBytes(run.manifestContent),
    });
    expect(bytesToHex(runContent)).toBe(run.runContent);
    const runSeed = rows.deriveRunSeed(hexToBytes(run.secret), runContent);
    expect(bytesToHex(runSeed)).toBe(run.runSeed);
    const seeds = batches.map((__, batch) => rows.deriveBatchSeed(runSeed, batch));
    expect(seeds.map(bytesToHex)).toEqual(run.batches.map(({ seed }) => seed));
    const totalMasks = rows.deriveTotalMasks(seeds);
    batches.forEach(({ vector, layout }, batch) => {
      const secrets = rows.deriveBatchSecrets(layout, seeds[batch]!, totalMasks[batch]!);
      expect(String(secrets.masks.blind)).toBe(vector.blind);
      expect(String(secrets.masks.total)).toBe(vector.maskL);
      expect(String(secrets.masks.cover)).toBe(vector.maskK);
      expect(secrets.masks.groups.map(texts)).toEqual(vector.masks);
      expect(texts(secrets.maskBlinds)).toEqual(vector.maskBlinds);
      expect(texts(secrets.rowBlinds)).toEqual(vector.rowBlinds);
    });
    expect(
      texts(rows.deriveWeightBlinds(runSeed, hexToBytes(run.manifestHash), run.weightBlinds.length)),
    ).toEqual(run.weightBlinds);
  });

  it('derives the ids of dummies', () => {
    const counts = new Map<FieldElement, number>();
    for (const { layout, rows: packed } of batches) {
      const tag = rows.deriveCircuitTag(layout);
      for (const { id } of packed) {
        const number = counts.get(tag) ?? 0;
        counts.set(tag, number + 1);
        expect(bytesToHex(rows.deriveDummyId(hexToBytes(run.secret), tag, number))).toBe(bytesToHex(id));
      }
    }
  });

  it('commits to rows, groups, lists and digests', () => {
    for (const { vector, layout, rows: packed } of batches) {
      const generators = rows.generatorsOf(layout);
      const points = packed.map(({ slots }, row) =>
        rows.encodeCommitment(generators, rows.packWords(layout, slots), field(vector.rowBlinds[row]!)),
      );
      expect(points.map(bytesToHex)).toEqual(vector.points);
      const maskPoints = vector.masks.map((masks, group) =>
        rows.encodeCommitment(generators, fields(masks), field(vector.maskBlinds[group]!)),
      );
      expect(maskPoints.map(bytesToHex)).toEqual(vector.maskPoints);
      const entries = points.map((point, row) => ({ point, id: packed[row]!.id }));
      const groups = maskPoints.map((maskPoint, index) => {
        const first = index * layout.groupRows;
        return rows.hashGroup(layout, {
          index,
          maskPoint,
          entries: entries.slice(first, first + layout.groupRows),
        });
      });
      expect(groups.map(bytesToHex)).toEqual(vector.groups);
      expect(String(rows.hashList(layout, groups))).toBe(vector.list);
      expect(
        String(computeBatchDigest(portableSponge, layout, { masks: masksOf(vector), rows: packed })),
      ).toBe(vector.digest);
    }
  });

  it('derives all challenges', () => {
    expect(bytesToHex(rows.hashCommitments(utf8ToBytes(run.commitments)))).toBe(run.commitmentsHash);
    const points = run.weights.map(hexToBytes);
    const h = hexToBytes(run.manifestHash);
    expect(bytesToHex(rows.hashWeights(h, points))).toBe(run.weightsHash);
    expect(rows.deriveChallenges(h, points)).toEqual(challenges);
  });

  it('evaluates each batch as its proof shows it', () => {
    for (const { vector, layout, rows: packed } of batches) {
      const values = rows.evaluateBatch(layout, { rows: packed, masks: masksOf(vector) }, challenges);
      expect(String(values.total)).toBe(vector.L);
      expect(values.cover === null ? null : String(values.cover)).toBe(vector.K);
      expect(texts(values.openings)).toEqual(vector.z);
      const blinds = vector.maskBlinds.map((blind, group) => {
        const first = group * layout.groupRows;
        return rows.openBlinds(
          field(blind),
          fields(vector.rowBlinds).slice(first, first + layout.groupRows),
          challenges.rho,
        );
      });
      expect(texts(blinds)).toEqual(vector.zr);
    }
  });

  it('commits to the weighted totals', () => {
    if (margin.length === 0) {
      expect([run.weights, run.zW]).toEqual([[], null]);
      return;
    }
    const blinds = fields(run.weightBlinds);
    const made = rows.commitWeights(
      margin.map(({ layout, rows: packed, vector }) => ({
        layout,
        rows: packed,
        coverMask: field(vector.maskK),
      })),
      codes,
      { gamma: challenges.gamma, blinds },
    );
    expect(made.map(hex)).toEqual(run.weights);
    expect(String(rows.openWeightBlinds(blinds, codes, challenges.x))).toBe(run.zW);
  });

  it('passes the equations of the verifier, and no other values do', () => {
    const totals = { equity: run.totals.equity.map(BigInt), debt: run.totals.debt.map(BigInt) };
    const shown = run.batches.map(({ L }) => field(L));
    rows.verifyTotals(shown, totals, { codes, x: challenges.x });
    const short = { ...totals, equity: totals.equity.map((total, asset) => total + (asset === 1 ? 1n : 0n)) };
    expect(() => {
      rows.verifyTotals(shown, short, { codes, x: challenges.x });
    }).toThrow(expect.objectContaining({ errorClass: 'verification', code: 'totals' }) as Error);
    const cover = {
      points: run.weights.map((bytes) => rows.parsePoint(hexToBytes(bytes))),
      blindOpening: field(run.zW ?? '0'),
      layouts: margin.map(({ layout }) => layout),
      covers: margin.map(({ vector }) => field(vector.K!)),
    };
    rows.verifyCover(cover, codes, challenges);
    if (margin.length === 0) return;
    const other = { ...cover, blindOpening: rows.subtractField(cover.blindOpening, rows.ONE) };
    expect(() => {
      rows.verifyCover(other, codes, challenges);
    }).toThrow(expect.objectContaining({ errorClass: 'verification', code: 'cover' }) as Error);
  });
});

function masksOf(vector: VectorBatch): rows.BatchMasks {
  return {
    blind: field(vector.blind),
    total: field(vector.maskL),
    cover: field(vector.maskK),
    groups: vector.masks.map(fields),
  };
}
