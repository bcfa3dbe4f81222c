export {
  ATTRIBUTION_FILES,
  attributeSnapshots,
  type AttributionOptions,
  type AttributionStage,
} from './attribution/attribute-snapshots.js';
export { ANALYSIS_ERRORS } from './errors.js';
export { PARTS, type AttributionPart } from './attribution/assets.js';
export type { AttributionSummary } from './attribution/summary.js';
export { EXPORT_FORMATS, type ExportFormat } from './export/columns.js';
export { exportSnapshot, type ExportedTables } from './export/export-snapshot.js';
export { assessRisk, RISK_FILES, type RiskOptions } from './risk/assess-risk.js';
export type { RiskSummary } from './risk/summary.js';
export { INDEX_FILE, writeStatements, type StatementsOptions } from './statements/write-statements.js';
