export {
  formatApproximate,
  phraseEnds,
  phraseWorth,
  valueAccount,
  type AccountWorth,
  type NamedEnds,
} from './account-worth.js';
export {
  listGreeks,
  phraseProven,
  showAccount,
  type ReportedAccount,
  type RevaluedPosition,
  type ShownAccount,
} from './account-shown.js';
export { formatShare, joinSmallest, valueEquities, type AssetValue } from './asset-values.js';
export { describeWorth, drawChart } from './chart.js';
export { CHECK_RESULTS, padResult, sayResult } from './provenance-words.js';
export { formatCount, formatCountBelow, formatNumber } from './durations.js';
export { formatAge, formatDuration } from './durations.js';
export { drawHeadings, drawTable, type TableCell } from './markup.js';
export { formatInstant } from './durations.js';
export { html, Markup, NOTHING, tell } from './markup.js';
export { formatAmount, formatMoney, formatValue, typesetAmount } from './durations.js';
export { PREMIUM_NOT_STATED, showPosition, type ShownPosition } from './position-words.js';
export {
  chooseLanguage,
  isLanguage,
  LANGUAGES,
  retell,
  say,
  sayParts,
  speak,
  spokenLanguage,
  type Language,
  type PlainSentence,
  type Sentence,
  type ValuesFor,
} from './language.js';
export { makePrintable, showInvisible } from './text-table.js';
export {
  describeProvenance,
  formatProvenance,
  INSECURE,
  phraseProvenance,
  type ReportedProvenance,
} from './provenance-words.js';
export {
  describeAssetPrice,
  describeLeastDistance,
  describeMarkAge,
  describeReconciliation,
  describeRounding,
  describeWriteOffs,
} from './stated-words.js';
export { describeNet, netStatement, type StatementNet } from './statement-shown.js';
export {
  approximateBlack76,
  deriveGreeks,
  implyVolatility,
  type ApproximateTerms,
  type OptionGreeks,
} from './revaluation/black-76.js';
export {
  findCoverEnds,
  listExposures,
  measureCover,
  prepareAccount,
  type CoverAsset,
  type CoverEnds,
  type RevaluedAccount,
} from './revaluation/cover.js';
export { approximateNormal } from './revaluation/normal.js';
export {
  isHeldToLines,
  prepareLines,
  UNCHANGED,
  type RevaluedLine,
  type Scenario,
} from './revaluation/revalue.js';
export { showLine, type ShownLine } from './statement-shown.js';
export { describeLine, describePrice, describePriceSource, nameKind } from './statement-shown.js';
export { REPORT_STYLE, SHEET_STYLE } from './style.js';
export { alignColumns, renderTable, toNumberColumn, wrapLine, type Column } from './text-table.js';
export { formatTrust } from './provenance-words.js';
export { describeUnits, listUnitDecimals, type UnitDecimals } from './durations.js';
export { drawWaterfall, isWaterfallCut, type WaterfallStep } from './chart.js';
