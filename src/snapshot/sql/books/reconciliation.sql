-- Books against themselves: ledger and balances, accounts and control accounts, longs and shorts.

-- section: schema

-- name: create-book-break
-- Every break that reconciliation finds. kind says between what. account, asset_index and instrument are null where the
-- break is not about one. first_differing is the reference of the first ledger row after which the two differ.
CREATE TABLE book_break (
  kind VARCHAR NOT NULL,
  account VARCHAR,
  asset_index INTEGER,
  instrument VARCHAR,
  expected DECIMAL(38, 18) NOT NULL,
  found DECIMAL(38, 18) NOT NULL,
  difference DECIMAL(38, 18) NOT NULL,
  first_differing VARCHAR
)

-- name: create-break-decimal
-- The canonical text of a decimal with 18 fraction digits: no zero at the end of a fraction, `0` plain.
CREATE MACRO break_decimal(amount) AS
  rtrim(rtrim(CAST(amount AS VARCHAR), '0'), '.')

-- name: create-book-amount
-- Every amount that says what an account has of an asset, on its side of the books: recorded by the ledger from its
-- opening on, or stated. What open orders hold is stated apart where balances are without it.
CREATE VIEW book_amount AS
SELECT account, asset_index, amount AS recorded, 0::DECIMAL(38, 18) AS stated
FROM opening_balance
UNION ALL
SELECT account, asset_index, amount AS recorded, 0::DECIMAL(38, 18) AS stated
FROM ledger_sum
UNION ALL
SELECT account, asset_index, 0::DECIMAL(38, 18) AS recorded, amount AS stated
FROM stated_balance
UNION ALL
SELECT account, asset_index, 0::DECIMAL(38, 18) AS recorded, reserved AS stated
FROM open_order
WHERE getvariable('holds_outside_balances')

-- section: balances

-- name: compare-balances
-- The pairs of account and asset that either side names, and how many of them are not the same on both sides.
WITH balance AS (
  SELECT sum(recorded) = sum(stated) AS agrees
  FROM book_amount
  GROUP BY account, asset_index
)
SELECT count(*) AS compared, count(*) FILTER (NOT agrees) AS differing
FROM balance

-- name: create-differing-balance
-- The accounts and assets whose recorded amounts are not the stated ones. One that a side does not name is 0 there.
CREATE TABLE differing_balance AS
SELECT account, asset_index, sum(recorded) AS recorded, sum(stated) AS stated
FROM book_amount
GROUP BY account, asset_index
HAVING sum(recorded) <> sum(stated)

-- name: find-balance-breaks
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

-- name: select-has-running-balances
-- Whether the ledger says anywhere what a row left of a balance.
SELECT EXISTS (SELECT 1 FROM ledger WHERE balance_after IS NOT NULL) AS has_running_balances

-- name: find-first-differing
-- For each account and asset with a break: the first ledger row whose own balance is not the sum up to it. Rows of one
-- instant have no known order. They agree where any of them has the balance at its end, and are passed over where one
-- of them has none.
UPDATE book_break
SET first_differing = first_row.reference
FROM (
  WITH suspect AS (
    SELECT account, asset_index, coalesce(amount, 0) AS opening
    FROM (SELECT account, asset_index FROM book_break WHERE account IS NOT NULL)
    LEFT JOIN opening_balance USING (account, asset_index)
  ), summed AS (
    SELECT
      account,
      asset_index,
      at_ns,
      reference,
      balance_after,
      opening + sum(amount) OVER (
        PARTITION BY account, asset_index
        ORDER BY at_ns RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS balance
    FROM ledger
    JOIN suspect USING (account, asset_index)
  ), instant AS (
    SELECT account, asset_index, at_ns, min(reference) AS reference
    FROM summed
    GROUP BY account, asset_index, at_ns
    HAVING count(balance_after) = count(*) AND NOT bool_or(balance_after = balance)
  )
  SELECT account, asset_index, arg_min(reference, at_ns) AS reference
  FROM instant
  GROUP BY account, asset_index
) AS first_row
WHERE book_break.account = first_row.account AND book_break.asset_index = first_row.asset_index

-- section: control accounts

-- name: find-control-breaks
-- All accounts together must be the platform's control account of each asset: by what is stated, or by the ledger
-- where nothing is.
INSERT INTO book_break
WITH held AS (
  SELECT asset_index, sum(if(getvariable('balances_are_stated'), stated, recorded)) AS amount
  FROM book_amount
  GROUP BY asset_index
)
SELECT
  if(control_balance.amount IS NULL, 'control-missing', 'control-differs') AS kind,
  NULL AS account,
  asset_index,
  NULL AS instrument,
  coalesce(control_balance.amount, 0) AS expected,
  coalesce(held.amount, 0) AS found,
  coalesce(held.amount, 0) - coalesce(control_balance.amount, 0) AS difference,
  NULL AS first_differing
FROM held
FULL JOIN control_balance USING (asset_index)
WHERE coalesce(held.amount, 0) <> coalesce(control_balance.amount, 0)

-- name: count-compared-assets
-- The assets that accounts or the control accounts have.
SELECT count(*) AS compared
FROM (
  SELECT asset_index FROM control_balance
  UNION
  SELECT asset_index FROM book_amount
)

-- section: positions

-- name: find-unnetted-positions
-- Longs must equal shorts over all accounts, the house's own included, in each instrument that is declared netted.
INSERT INTO book_break
SELECT
  'positions-not-netted' AS kind,
  NULL AS account,
  NULL AS asset_index,
  instrument,
  0 AS expected,
  sum(quantity) AS found,
  sum(quantity) AS difference,
  NULL AS first_differing
FROM open_position
SEMI JOIN (SELECT instrument FROM instrument WHERE netted) AS netted_instrument USING (instrument)
GROUP BY instrument
HAVING sum(quantity) <> 0

-- name: count-compared-instruments
-- The instruments with open positions whose longs must equal their shorts.
SELECT count(DISTINCT instrument) AS compared
FROM open_position
SEMI JOIN (SELECT instrument FROM instrument WHERE netted) AS netted_instrument USING (instrument)

-- section: breaks

-- name: create-listed-break
-- The breaks as accountants read them: assets by symbol, in whole units.
CREATE VIEW listed_break AS
SELECT kind, account, symbol AS asset, instrument, expected, found, difference, first_differing
FROM book_break
LEFT JOIN book_asset USING (asset_index)
ORDER BY kind, account, asset_index, instrument

-- name: select-break-sums
-- The breaks of each kind and asset, counted and summed up, with their signs and without: breaks that cancel are breaks
-- all the same. Those of instruments are in contracts.
SELECT
  kind,
  symbol,
  count(*) AS break_count,
  break_decimal(sum(difference)) AS difference,
  break_decimal(sum(abs(difference))) AS magnitude
FROM book_break
LEFT JOIN book_asset USING (asset_index)
GROUP BY kind, asset_index, symbol
ORDER BY kind, asset_index

-- name: write-breaks-csv
-- breaks.csv: amounts in their canonical form, nothing where a break is not about an account, asset or instrument.
COPY (
  SELECT * REPLACE (
    break_decimal(expected) AS expected,
    break_decimal(found) AS found,
    break_decimal(difference) AS difference
  )
  FROM listed_break
) TO (getvariable('breaks_path')) (
  FORMAT csv,
  HEADER true,
  DELIMITER ',',
  QUOTE '"',
  ESCAPE '"',
  NULLSTR '',
  USE_TMP_FILE false
)

-- name: write-breaks-parquet
-- breaks.parquet: amounts as exact decimals.
COPY (FROM listed_break) TO (getvariable('breaks_path')) (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)

-- section: accepted breaks

-- name: create-accepted-break
-- The rows of a list of accepted breaks, as they are written, each with its line in the file.
CREATE TABLE accepted_break (
  line UBIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  account VARCHAR NOT NULL,
  asset VARCHAR NOT NULL,
  instrument VARCHAR NOT NULL,
  expected VARCHAR NOT NULL,
  found VARCHAR NOT NULL
)

-- name: create-written-break
-- What names a break, as breaks.csv has it.
CREATE VIEW written_break AS
SELECT
  kind,
  coalesce(account, '') AS account,
  coalesce(asset, '') AS asset,
  coalesce(instrument, '') AS instrument,
  break_decimal(expected) AS expected,
  break_decimal(found) AS found
FROM listed_break

-- name: select-unaccepted-breaks
-- The breaks that the list of accepted ones does not have, counted by kind.
SELECT kind, count(*) AS break_count
FROM written_break
ANTI JOIN accepted_break USING (kind, account, asset, instrument, expected, found)
GROUP BY kind
ORDER BY kind

-- name: select-absent-breaks
-- The lines of the list of accepted breaks that no break is behind.
SELECT line
FROM accepted_break
ANTI JOIN written_break USING (kind, account, asset, instrument, expected, found)
ORDER BY line
