/** How it is shown that an amount was there, the strongest first. */
export const BALANCE_LEVELS = ['proven', 'reproducible', 'attested', 'stated'] as const;
export type BalanceLevel = (typeof BALANCE_LEVELS)[number];

/** How it is shown who controls an amount, the strongest first. */
export const CONTROL_LEVELS = ['spent', 'owners', 'signed', 'custodian', 'stated'] as const;
export type ControlLevel = (typeof CONTROL_LEVELS)[number];

/** The two levels of an entry, which are never mixed. */
export type Levels = { readonly balance: BalanceLevel; readonly control: ControlLevel };

/** The least control that counts where a caller asks for a balance level. */
const CONTROL_FLOOR: Readonly<Record<BalanceLevel, ControlLevel>> = {
  proven: 'signed',
  reproducible: 'signed',
  attested: 'custodian',
  stated: 'stated',
};

/** Whether an entry of these levels counts at a level. */
export function countsAt(level: BalanceLevel, { balance, control }: Levels): boolean {
  return (
    BALANCE_LEVELS.indexOf(balance) <= BALANCE_LEVELS.indexOf(level) &&
    CONTROL_LEVELS.indexOf(control) <= CONTROL_LEVELS.indexOf(CONTROL_FLOOR[level])
  );
}
