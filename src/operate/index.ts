export { OPERATE_ERRORS, type OperateCode } from './errors.js';
export type { OperationEvent, OperationListener, Step } from './events.js';
export { loadInstants, type InstantEntry, type Instants } from './instants.js';
export { OPERATION_FORMAT, operationPaths, parseOperation, type Operation } from './operation.js';
export { runOperation, type OperationResult, type RunOptions } from './run.js';
export { parseRule, type Rule } from './schedule.js';
