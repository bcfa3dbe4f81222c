-- The opening balance and the ledger of each account and asset must add up to the stated balance.
INSERT INTO book_break
WITH stated_account AS (
  SELECT DISTINCT account
  FROM stated_balance
  SEMI JOIN differing_balance USING (account)
), recorded_account AS (
  SELECT account FROM ledger_sum SEMI JOIN differing_balance USING (account)
  UNION
  SELECT account FROM opening_balance SEMI JOIN differing_balance USING (account)
)
SELECT
  CASE
    WHEN stated_account.account IS NULL THEN 'account-missing-in-balances'
    WHEN recorded_account.account IS NULL THEN 'account-missing-in-ledger'
    ELSE 'balance-differs'
  END AS kind,
  differing_balance.account,
  asset_index,
  NULL AS instrument,
  recorded AS expected,
  stated AS found,
  stated - recorded AS difference,
  NULL AS first_differing
FROM differing_balance
LEFT JOIN stated_account ON stated_account.account = differing_balance.account
LEFT JOIN recorded_account ON recorded_account.account = differing_balance.account
