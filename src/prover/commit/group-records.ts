import {
  type FieldElement,
  encodeBase64url,
  groupCount,
  openBlinds,
  type BatchSecrets,
  type GroupRecord,
  type RowLayout,
} from '../../protocol/index.js';
import { ofGroup, type BatchPoints } from './commit-batch.js';

/** What users get of each group of a batch: C_(g,0), z_(g,r), and (C, id) of each row. */
export function recordGroups(
  layout: RowLayout,
  batch: { readonly index: number; readonly points: BatchPoints; readonly secrets: BatchSecrets },
  rho: FieldElement,
): GroupRecord[] {
  const { index, points, secrets } = batch;
  return Array.from({ length: groupCount(layout) }, (_, group) => ({
    batch: index,
    group,
    maskPoint: encodeBase64url(points.maskPoints[group]!),
    blindOpening: openBlinds(
      secrets.maskBlinds[group]!,
      ofGroup(layout, group, secrets.rowBlinds),
      rho,
    ).toString(),
    entries: ofGroup(layout, group, points.entries).map(({ point, id }) => ({
      point: encodeBase64url(point),
      id: encodeBase64url(id),
    })),
  }));
}
