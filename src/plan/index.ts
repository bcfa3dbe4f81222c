export { derivePlanKey, type PlannedSnapshot } from './orders.js';
export { countBatches, RowCounter } from './planned-layouts.js';
export { listPlannedLayouts, STANDARD_WIDE_SLOTS } from './planned-layouts.js';
export { PLAN_ERRORS, refusePlan, type PlanCode } from './errors.js';
export { AccountPlanner, type PlannedPart, type PlannerOptions } from './planner.js';
