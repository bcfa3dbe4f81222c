-- A balance file: its rows as texts, the rules that hold for each, and the balances that they are.

-- section: schema

-- name: create-balance-row
-- The rows of balances.csv, each with its line in the file: texts as they are written, amounts in their plain form. An
-- amount whose column the file has not is 0.
CREATE TABLE balance_row (
  line UBIGINT NOT NULL,
  user_id VARCHAR NOT NULL DEFAULT '',
  asset VARCHAR NOT NULL DEFAULT '',
  equity VARCHAR NOT NULL DEFAULT '0',
  debt VARCHAR NOT NULL DEFAULT '0'
)

-- name: create-problem
-- What is wrong in balances.csv. stated is the start of the text at fault, or the asset where an amount of it is too
-- large. It tells the kind of fault, and nobody is shown it. first_line is the other of two lines that exclude each
-- other.
CREATE TABLE problem (
  line UBIGINT NOT NULL,
  column_name VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  stated VARCHAR,
  first_line UBIGINT
)

-- name: create-is-decimal
-- A non-negative decimal: digits, and a point with at most thirty digits behind it or none.
CREATE MACRO is_decimal(stated) AS
  regexp_full_match(stated, '[0-9]+([.][0-9]{1,30})?')

-- name: create-plain-amount
-- An amount in the form that is_decimal takes. An empty text is 0. A zero has no sign. A long amount has no zeros
-- before its digits or at the end of its fraction. Any other text stays as it is.
CREATE MACRO plain_amount(stated VARCHAR) AS
  CASE
    WHEN stated = '' THEN '0'
    WHEN starts_with(stated, '-') AND regexp_full_match(stated, '-0+([.]0+)?') THEN '0'
    WHEN length(stated) > 20
      THEN regexp_replace(stated, '^0*([0-9]+)(?:([.][0-9]*[1-9])0*|[.]0+)?$', '\1\2')
    ELSE stated::VARCHAR
  END

-- name: create-stated-asset
-- The assets that assets.csv lists: amounts are counted in units of 10^-unit of a whole one.
CREATE TABLE stated_asset (
  symbol VARCHAR NOT NULL,
  unit INTEGER NOT NULL,
  has_price BOOLEAN NOT NULL
)

-- name: create-whole-amount
-- An amount in whole units where it is stated in units of 10^-unit of one: its point is moved. A part of such a unit is
-- more digits than any amount has, so that it is refused as that. Any other text stays as it is.
CREATE MACRO whole_amount(stated VARCHAR, unit INTEGER) AS
  CASE
    WHEN unit > 0 AND regexp_full_match(stated, '[0-9]+([.]0+)?') THEN regexp_replace(
      concat(
        '0',
        left(split_part(stated, '.', 1), -unit),
        '.',
        right(repeat('0', unit) || split_part(stated, '.', 1), unit)
      ),
      '^0+([0-9])',
      '\1'
    )
    WHEN unit > 0 AND regexp_full_match(stated, '[0-9]+[.][0-9]+') THEN '0.' || repeat('9', 31)
    ELSE stated::VARCHAR
  END

-- name: create-whole-units
-- The whole proof units of a decimal: floor(stated · 10^decimals), from its digits alone. Null beyond 10^38.
CREATE MACRO whole_units(stated, decimals) AS
  try_cast(
    split_part(stated, '.', 1) || rpad(left(split_part(stated, '.', 2), decimals), decimals, '0')
    AS HUGEINT
  )

-- name: create-cut-fraction
-- The part of a proof unit that whole_units cuts off, in units of 10^-30: a decimal has at most 30 fraction digits.
CREATE MACRO cut_fraction(stated, decimals) AS
  rpad(substr(split_part(stated, '.', 2), decimals + 1), 30, '0')::HUGEINT

-- name: create-equity-units
-- Equity is what the platform owes: more decimals than the unit holds round up.
CREATE MACRO equity_units(stated, decimals) AS
  whole_units(stated, decimals) + if(cut_fraction(stated, decimals) > 0, 1, 0)

-- name: create-debt-units
-- Debt is what the user owes: more decimals than the unit holds round down.
CREATE MACRO debt_units(stated, decimals) AS
  whole_units(stated, decimals)

-- name: create-equity-rounding
-- What rounding up adds to an equity, in units of 10^-30 of a proof unit.
CREATE MACRO equity_rounding(stated, decimals) AS
  if(
    cut_fraction(stated, decimals) > 0,
    1000000000000000000000000000000::HUGEINT - cut_fraction(stated, decimals),
    0::HUGEINT
  )

-- name: create-balance
-- Each row of balances.csv under the user id that is proven, which is null where the stated id is refused.
CREATE VIEW balance AS
SELECT
  line,
  CASE WHEN stated IS NULL THEN balance_row.user_id ELSE unusual_user.user_id END AS user_id,
  asset,
  equity,
  debt
FROM balance_row
LEFT JOIN unusual_user ON stated = balance_row.user_id

-- name: create-amount
-- Every amount of balances.csv by itself.
CREATE VIEW amount AS
SELECT line, asset, 'equity' AS column_name, equity AS stated FROM balance
UNION ALL
SELECT line, asset, 'debt' AS column_name, debt AS stated FROM balance

-- section: rows

-- name: load-balance-rows
-- Reads a balances.csv that is plain, so that there is one row a line below the header; which column is which stands
-- in the header. Nothing is guessed, and nothing is null.
INSERT INTO balance_row BY NAME
SELECT
  row_number() OVER () + 1 AS line,
  COLUMNS(lambda name: list_contains(getvariable('column_names'), name) AND name NOT IN ('equity', 'debt')),
  plain_amount(COLUMNS(lambda name: list_contains(getvariable('column_names'), name) AND name IN ('equity', 'debt')))
FROM read_csv(
  getvariable('source_pattern'),
  columns = getvariable('column_types'),
  force_not_null = getvariable('column_names'),
  auto_detect = false,
  header = true,
  delim = ',',
  quote = '"',
  escape = '"',
  comment = '',
  compression = 'none',
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  ignore_errors = false,
  null_padding = false,
  normalize_names = false,
  parallel = false
)

-- name: plain-amounts
-- The amounts of rows that were appended as they are written, in their plain form.
UPDATE balance_row
SET equity = plain_amount(equity), debt = plain_amount(debt)
WHERE equity <> plain_amount(equity) OR debt <> plain_amount(debt)

-- name: whole-amounts
-- The amounts that are stated in a smaller unit, in whole ones. Rules read each amount several times, and find it here.
UPDATE balance_row
SET equity = plain_amount(whole_amount(equity, unit)), debt = plain_amount(whole_amount(debt, unit))
FROM stated_asset
WHERE symbol = asset AND unit > 0

-- name: select-unusual-users
-- The user ids that are not plain: other than 1 to 256 printable ASCII characters without a space at either end.
SELECT DISTINCT user_id
FROM balance_row
WHERE NOT regexp_full_match(user_id, '[!-~]([ -~]{0,254}[!-~])?')

-- section: rules

-- name: find-refused-users
-- A user id must be one that the protocol takes.
INSERT INTO problem
SELECT line, 'user_id', fault, NULL, NULL
FROM balance_row
JOIN unusual_user ON stated = balance_row.user_id
WHERE fault IS NOT NULL

-- name: find-unknown-assets
-- Every asset must be listed in assets.csv.
INSERT INTO problem
SELECT line, 'asset', 'asset-unknown', left(asset, 64), NULL
FROM balance
WHERE asset NOT IN (SELECT symbol FROM asset)

-- name: find-malformed-amounts
-- Every amount must be a decimal that is not negative.
INSERT INTO problem
SELECT
  line,
  column_name,
  CASE
    WHEN regexp_full_match(stated, '-[0-9]+([.][0-9]+)?') THEN 'amount-negative'
    WHEN regexp_full_match(stated, '[0-9]+[.][0-9]{31,}') THEN 'amount-too-precise'
    WHEN regexp_full_match(stated, '(?i)[-+]?(nan|inf|infinity)') THEN 'amount-not-finite'
    ELSE 'amount-malformed'
  END,
  left(stated, 64),
  NULL
FROM amount
WHERE NOT is_decimal(stated)

-- name: find-amounts-too-large
-- Every amount must be below 2^64 proof units, after rounding.
INSERT INTO problem
WITH counted AS (
  SELECT
    line,
    column_name,
    asset,
    if(column_name = 'equity', equity_units(stated, decimals), debt_units(stated, decimals)) AS units
  FROM amount
  JOIN asset ON symbol = asset
  WHERE is_decimal(stated)
)
SELECT line, column_name, 'amount-too-large', asset, NULL
FROM counted
WHERE coalesce(units > 18446744073709551615, true)

-- name: find-holdings-without-price
-- An asset that anybody holds or owes must have a price, which may be 0.
INSERT INTO problem
WITH used AS (
  SELECT DISTINCT line, asset
  FROM amount
  JOIN asset ON symbol = asset
  WHERE is_decimal(stated) AND stated SIMILAR TO '.*[1-9].*'
)
SELECT line, 'asset', 'price-missing', asset, NULL
FROM used
SEMI JOIN (SELECT symbol FROM stated_asset WHERE NOT has_price) AS unpriced ON symbol = asset

-- name: find-debts-without-price
-- Nobody may owe an asset of price 0, which is the only one with a full price of one unit.
INSERT INTO problem
SELECT line, 'debt', 'debt-without-price', asset, NULL
FROM amount
JOIN asset ON symbol = asset
WHERE column_name = 'debt' AND full_price = 1 AND is_decimal(stated) AND debt_units(stated, decimals) > 0

-- name: find-doubled-holdings
-- A user has one row for each asset: every further one is named with the line of the first.
INSERT INTO problem
WITH doubled AS (
  SELECT user_id, asset, min(line) AS first_line
  FROM balance
  WHERE user_id IS NOT NULL
  GROUP BY user_id, asset
  HAVING count(*) > 1
)
SELECT line, 'asset', 'holding-doubled', NULL, first_line
FROM balance
JOIN doubled USING (user_id, asset)
WHERE line > first_line

-- section: problems

-- name: select-largest-amounts
-- Of each asset, the whole number above its largest amount, in whole units; the same for all beyond 10^38.
SELECT
  asset,
  max(
    coalesce(
      try_cast(split_part(stated, '.', 1) AS HUGEINT),
      100000000000000000000000000000000000000::HUGEINT
    )
  ) + 1 AS largest
FROM amount
WHERE is_decimal(stated)
GROUP BY asset

-- name: select-problems
-- The first problems of the file, in the order of its lines.
SELECT line, column_name, code, stated, first_line
FROM problem
ORDER BY line, column_name, code
LIMIT 100

-- name: select-symbols
-- The assets that assets.csv lists.
SELECT symbol FROM asset ORDER BY asset_index

-- name: count-problems
-- All problems of the file, listed or not.
SELECT count(*) AS problem_count FROM problem

-- section: accounts under water

-- name: select-unplanned-lines
-- The rows of the first accounts without a plan, in the order of their first lines.
SELECT list(line ORDER BY line) AS lines, any_value(slots_needed) AS slots_needed, any_value(sufficient_slack) AS slack
FROM holding
JOIN unplanned_account USING (user_id)
GROUP BY user_id
ORDER BY lines[1]
LIMIT 100

-- name: select-underwater-lines
-- The rows of the first accounts under water, in the order of their first lines.
SELECT lines
FROM underwater_account
ORDER BY lines[1]
LIMIT 100
