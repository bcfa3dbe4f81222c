-- What balance files and books have in common: holdings, totals, accounts under water, and the sealed accounts.

-- section: assets and statements

-- name: create-asset
-- The assets of the price table, in the order of assets.csv. Prices are those of one proof unit, in units of
-- 10^-scale of the quote currency: full (q of the protocol) and after the collateral haircut (p).
CREATE TABLE asset (
  asset_index INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  collateral_price UBIGINT NOT NULL,
  full_price UBIGINT NOT NULL
)

-- name: create-statement
-- The hash of each user's statement: the first 248 bits of SHA-256("solvent/statement/v2" ‖ 0 ‖ canonical JSON). Empty
-- where balances are taken as they are stated.
CREATE TABLE IF NOT EXISTS statement (
  user_id VARCHAR NOT NULL,
  hash BLOB NOT NULL
)

-- name: create-unusual-user
-- The user ids that are not plain ASCII: the normal form that the protocol gives each, or the code of its refusal.
CREATE TABLE unusual_user (
  stated VARCHAR NOT NULL,
  user_id VARCHAR,
  fault VARCHAR
)

-- name: refuse-ambiguous-users
-- Two user ids whose normal form is the same are one user or two; only who wrote them knows.
UPDATE unusual_user
SET user_id = NULL, fault = 'name-ambiguous'
WHERE fault IS NULL
  AND (
    user_id IN (SELECT user_id FROM unusual_user WHERE fault IS NULL GROUP BY user_id HAVING count(*) > 1)
    OR (user_id <> stated AND user_id IN (SELECT user_id FROM {{users}}))
  )

-- section: holdings

-- name: create-holding
-- What each user holds and owes in each asset, in proof units, and what rounding added to the equity and took from
-- the debt, in units of 10^-30 of a proof unit.
CREATE TABLE holding AS
SELECT
  line,
  user_id,
  asset_index,
  equity_units(equity, decimals)::UBIGINT AS equity_units,
  debt_units(debt, decimals)::UBIGINT AS debt_units,
  equity_rounding(equity, decimals) AS equity_rounding,
  cut_fraction(debt, decimals) AS debt_rounding
FROM balance
JOIN asset ON symbol = asset

-- name: count-accounts
-- Every user of the source is an account; a holding is an asset that is held or owed.
SELECT
  (SELECT count(*) FROM (SELECT DISTINCT user_id FROM holding)) AS account_count,
  (SELECT count(*) FROM holding WHERE equity_units > 0 OR debt_units > 0) AS holding_count

-- name: select-totals
-- The totals of every listed asset, and what rounding did to them.
SELECT
  symbol,
  coalesce(sum(equity_units), 0) AS equity,
  coalesce(sum(debt_units), 0) AS debt,
  coalesce(sum(equity_rounding), 0) AS equity_rounding,
  coalesce(sum(debt_rounding), 0) AS debt_rounding
FROM asset
LEFT JOIN holding USING (asset_index)
GROUP BY asset_index, symbol
ORDER BY asset_index

-- name: select-debts-without-price
-- The assets of price 0 that somebody owes: no other has a full price of one unit.
SELECT symbol
FROM asset
SEMI JOIN (SELECT asset_index FROM holding WHERE debt_units > 0) AS owed USING (asset_index)
WHERE full_price = 1
ORDER BY asset_index

-- section: accounts under water

-- name: create-underwater-account
-- The accounts under water: those whose equity, each asset at its collateral price, is worth less than their debt at
-- the full price: Σ p·equity < Σ q·debt, in exact integers. A product of two 64-bit integers takes 128 bits, and a sum
-- takes more. So prices are split at 32 bits: net = high · 2^32 + low, and net < 0 just where high + floor(low / 2^32)
-- < 0.
CREATE TABLE underwater_account AS
WITH net AS (
  SELECT
    user_id,
    list(line ORDER BY line) AS lines,
    sum(
      equity_units::HUGEINT * (collateral_price >> 32) - debt_units::HUGEINT * (full_price >> 32)
    ) AS high,
    sum(
      equity_units::HUGEINT * (collateral_price & 4294967295) - debt_units::HUGEINT * (full_price & 4294967295)
    ) AS low
  FROM holding
  JOIN asset USING (asset_index)
  WHERE user_id IN (SELECT user_id FROM holding WHERE debt_units > 0)
  GROUP BY user_id
)
SELECT user_id, lines
FROM net
WHERE high + if(low >= 0, low // 4294967296, -((4294967295 - low) // 4294967296)) < 0

-- name: count-underwater-accounts
-- All accounts under water, listed or not.
SELECT count(*) AS account_count FROM underwater_account

-- name: select-write-offs
-- The debts that are dropped with the accounts under water, per asset.
SELECT symbol, sum(debt_units) AS debt
FROM holding
SEMI JOIN underwater_account USING (user_id)
JOIN asset USING (asset_index)
WHERE debt_units > 0
GROUP BY asset_index, symbol
ORDER BY asset_index

-- name: drop-underwater-debts
-- An account under water keeps its equity and loses its debt: that can only overstate what the platform owes.
UPDATE holding
SET debt_units = 0
WHERE user_id IN (SELECT user_id FROM underwater_account)

-- section: accounts without a plan

-- name: select-margin-holdings
-- What the users who owe hold and owe, user by user.
SELECT user_id, asset_index, equity_units, debt_units
FROM holding
SEMI JOIN (SELECT user_id FROM holding WHERE debt_units > 0) AS owing USING (user_id)
WHERE equity_units > 0 OR debt_units > 0
ORDER BY user_id, asset_index

-- name: create-unplanned-account
-- The accounts that no rows of a proof cover exactly. Each has the slots of one row that would cover it, and the slack
-- of collateral over debt, in the quote currency, with which it would be covered without such a row.
CREATE TABLE unplanned_account (
  user_id VARCHAR NOT NULL,
  slots_needed INTEGER NOT NULL,
  sufficient_slack VARCHAR
)

-- section: sealed accounts

-- name: write-accounts
-- accounts.parquet: the holdings of each user, by user id (in the order of its UTF-8 bytes) and asset. An account with
-- nothing in it is one row without an asset. Each row of a user has the hash of their statement, null where there is none.
COPY (
  WITH account_row AS (
    SELECT user_id, asset_index, equity_units, debt_units
    FROM holding
    WHERE equity_units > 0 OR debt_units > 0
    UNION ALL
    SELECT user_id, NULL AS asset_index, 0::UBIGINT AS equity_units, 0::UBIGINT AS debt_units
    FROM holding
    GROUP BY user_id
    HAVING bool_and(holding.equity_units = 0 AND holding.debt_units = 0)
  )
  SELECT user_id, asset_index, equity_units, debt_units, hash AS statement
  FROM account_row
  LEFT JOIN statement USING (user_id)
  ORDER BY user_id, asset_index
) TO (getvariable('accounts_path')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)

-- name: read-accounts
-- accounts.parquet in the order in which it was written.
SELECT user_id, asset_index, equity_units, debt_units, statement
FROM read_parquet(
  getvariable('accounts_pattern'),
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
