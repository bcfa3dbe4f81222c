-- What became of every account between two snapshots: exact parts that add up, in proof units.

-- section: schema

-- name: create-attributed-asset
-- The assets of both snapshots. Amounts are in units of the finer of the two proof units: those of a snapshot times its
-- scale. An index is null where a snapshot has not the asset; its price is 0 then.
CREATE TABLE attributed_asset (
  asset_id INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  decimals INTEGER NOT NULL,
  opening_index INTEGER,
  closing_index INTEGER,
  opening_scale HUGEINT NOT NULL,
  closing_scale HUGEINT NOT NULL,
  opening_price DOUBLE NOT NULL,
  closing_price DOUBLE NOT NULL
)

-- name: create-instrument-move
-- What became of one contract of every instrument of the first snapshot, in proof units of its settlement asset. is_gone:
-- the second snapshot has it no more. A position held throughout is worth `opening · ratio + quantity · step` in the end; step is
-- null where that is not known. Greeks are null where the snapshots have no inputs of them; is_linear says that delta is
-- everything.
CREATE TABLE instrument_move (
  instrument VARCHAR NOT NULL,
  is_gone BOOLEAN NOT NULL,
  is_expired BOOLEAN NOT NULL,
  is_changed BOOLEAN NOT NULL,
  is_linear BOOLEAN NOT NULL,
  ratio DOUBLE NOT NULL,
  step DOUBLE,
  delta DOUBLE,
  gamma DOUBLE,
  vega DOUBLE,
  theta DOUBLE,
  days_to_expiry DOUBLE
)

-- name: create-component-part
-- The part that a change of a component belongs to. Cash and what orders hold change by the ledger.
CREATE TABLE component_part (
  kind VARCHAR NOT NULL,
  part VARCHAR NOT NULL
)

-- name: create-part-amount-macro
-- A signed amount of 18 fraction digits in proof units, rounded to the nearest, halves away from zero.
CREATE MACRO nearest_units(amount, decimals) AS
  CASE
    WHEN decimals >= 18
      THEN left(amount::VARCHAR, -19)::HUGEINT * rpad('1', 1 + decimals, '0')::HUGEINT
        + right(amount::VARCHAR, 18)::HUGEINT * if(amount < 0, -1, 1) * rpad('1', decimals - 17, '0')::HUGEINT
    ELSE left(amount::VARCHAR, -19)::HUGEINT * rpad('1', 1 + decimals, '0')::HUGEINT
      + (
        (right(amount::VARCHAR, 18)::BIGINT + rpad('1', 19 - decimals, '0')::BIGINT // 2)
        // rpad('1', 19 - decimals, '0')::BIGINT * if(amount < 0, -1, 1)
      )::HUGEINT
  END

-- name: create-whole-units
-- A computed number of proof units as a whole one; no amount comes near the bounds.
CREATE MACRO whole_units(computed) AS
  round(least(greatest(coalesce(computed, 0), -1e30), 1e30))::HUGEINT

-- name: create-quote-amount
-- What proof units are worth in the quote currency, to six digits behind the point.
CREATE MACRO quote_amount(units, price, decimals) AS
  round(units::DOUBLE * price / pow(10, decimals), 6)::DECIMAL(38, 6)

-- section: sides

-- name: create-opening-component
-- The components of the first snapshot.
CREATE VIEW opening_component AS
SELECT
  account,
  bucket,
  asset_id,
  kind,
  reference,
  instrument,
  quantity,
  entry_price,
  value_units::HUGEINT * opening_scale AS units
FROM read_parquet(
  {{opening_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
JOIN attributed_asset ON opening_index = asset_index

-- name: create-closing-component
-- The components of the second snapshot.
CREATE VIEW closing_component AS
SELECT
  account,
  bucket,
  asset_id,
  kind,
  reference,
  instrument,
  quantity,
  entry_price,
  value_units::HUGEINT * closing_scale AS units
FROM read_parquet(
  {{closing_pattern}},
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)
JOIN attributed_asset ON closing_index = asset_index

-- name: create-house-account
-- The accounts that are no users' at either end: nothing of theirs is attributed.
CREATE TABLE house_account AS
SELECT DISTINCT account
FROM read_parquet(
  [{{opening_house}}, {{closing_house}}],
  hive_partitioning = false,
  union_by_name = false,
  filename = false,
  binary_as_string = false
)

-- section: parts

-- name: create-balance-change
-- What every account has in every bucket and asset at both ends, and how what is neither a position nor cash has changed.
CREATE TABLE balance_change AS
WITH side AS (
  SELECT account, bucket, asset_id, kind, units AS opening, 0::HUGEINT AS closing
  FROM opening_component
  UNION ALL
  SELECT account, bucket, asset_id, kind, 0::HUGEINT AS opening, units AS closing
  FROM closing_component
)
SELECT
  account,
  bucket,
  asset_id,
  sum(opening) AS opening,
  sum(closing) AS closing,
  {{change_columns}}
FROM side
LEFT JOIN component_part USING (kind)
GROUP BY account, bucket, asset_id

-- name: create-position-change
-- The positions of an account in an instrument at both ends. is_held: the very same ones at both, at the same entry prices.
CREATE TABLE position_change AS
WITH side AS (
  SELECT
    account,
    bucket,
    asset_id,
    instrument,
    units AS opening,
    0::HUGEINT AS closing,
    quantity AS opening_quantity,
    hash(reference, quantity, entry_price)::HUGEINT AS trace
  FROM opening_component
  WHERE instrument IS NOT NULL
  UNION ALL
  SELECT
    account,
    bucket,
    asset_id,
    instrument,
    0::HUGEINT AS opening,
    units AS closing,
    0::DECIMAL(38, 18) AS opening_quantity,
    -hash(reference, quantity, entry_price)::HUGEINT AS trace
  FROM closing_component
  WHERE instrument IS NOT NULL
)
SELECT
  account,
  bucket,
  asset_id,
  instrument,
  sum(opening) AS opening,
  sum(closing) AS closing,
  sum(opening_quantity)::DOUBLE AS opening_quantity,
  sum(trace) = 0 AS is_held
FROM side
GROUP BY account, bucket, asset_id, instrument

-- name: create-position-part
-- What the market made of the positions that were open in the beginning, at the opening Greeks, and what trading or
-- expiry made of the rest.
CREATE TABLE position_part AS
WITH moved AS (
  SELECT
    position_change.* EXCLUDE (instrument),
    position_change.instrument,
    move.* EXCLUDE (instrument),
    CASE
      WHEN move.instrument IS NULL OR is_gone THEN 0::HUGEINT
      WHEN is_held AND NOT is_changed THEN closing - opening
      ELSE whole_units(opening::DOUBLE * (ratio - 1) + opening_quantity * step)
    END AS market
  FROM position_change
  LEFT JOIN instrument_move AS move ON move.instrument = position_change.instrument
), explained AS (
  SELECT
    *,
    delta AS moved_delta,
    closing - opening - market AS moved_on,
    coalesce(is_gone AND is_expired, false) AS has_settled,
    CASE
      WHEN market = 0 AND opening_quantity = 0 THEN 0::HUGEINT
      WHEN is_linear THEN market
      ELSE whole_units(opening_quantity * delta)
    END AS delta_units,
    if(coalesce(is_linear, true), 0::HUGEINT, whole_units(opening_quantity * gamma)) AS gamma_units,
    if(coalesce(is_linear, true), 0::HUGEINT, whole_units(opening_quantity * vega)) AS vega_units,
    if(coalesce(is_linear, true), 0::HUGEINT, whole_units(opening_quantity * theta)) AS theta_units
  FROM moved
)
SELECT
  account,
  bucket,
  asset_id,
  instrument,
  days_to_expiry,
  moved_delta IS NOT NULL AND NOT is_gone AS has_greeks,
  market,
  if(has_settled, 0::HUGEINT, moved_on) AS trade,
  if(has_settled, moved_on, 0::HUGEINT) AS settlement,
  delta_units AS delta,
  gamma_units AS gamma,
  vega_units AS vega,
  theta_units AS theta
FROM explained

-- name: create-ledger-change
-- What the ledger says became of the cash of every account and asset between the snapshots, by part.
CREATE TABLE ledger_change AS
WITH summed AS (
  SELECT account, asset, kind, sum(amount) AS amount
  FROM ledger_period
  WHERE state = 0
  GROUP BY account, asset, kind
), counted AS (
  SELECT account, asset_id, kind, nearest_units(amount, decimals) AS units
  FROM summed
  JOIN attributed_asset ON symbol = asset
)
SELECT
  account,
  'cross' AS bucket,
  asset_id,
  {{ledger_columns}}
FROM counted
GROUP BY account, asset_id

-- name: create-attribution
-- One row for every account, bucket and asset that either snapshot or the ledger of users has, a column for each part. The
-- remainder is what is left when all others are known.
CREATE TABLE attribution AS
WITH known AS (
  SELECT account, bucket, asset_id, opening, closing, deposit, withdrawal, transfer, trade, funding, interest, settlement,
    0::HUGEINT AS fee, 0::HUGEINT AS delta, 0::HUGEINT AS gamma, 0::HUGEINT AS vega, 0::HUGEINT AS theta
  FROM balance_change
  UNION ALL BY NAME
  SELECT account, bucket, asset_id, deposit, withdrawal, transfer, trade, funding, interest, settlement, fee,
    0::HUGEINT AS opening, 0::HUGEINT AS closing, 0::HUGEINT AS delta, 0::HUGEINT AS gamma, 0::HUGEINT AS vega, 0::HUGEINT AS theta
  FROM ledger_change
  ANTI JOIN house_account USING (account)
  UNION ALL BY NAME
  SELECT account, bucket, asset_id, trade, settlement, delta, gamma, vega, theta,
    0::HUGEINT AS opening, 0::HUGEINT AS closing, 0::HUGEINT AS deposit, 0::HUGEINT AS withdrawal, 0::HUGEINT AS transfer,
    0::HUGEINT AS funding, 0::HUGEINT AS interest, 0::HUGEINT AS fee
  FROM position_part
), summed AS (
  SELECT
    account,
    bucket,
    asset_id,
    sum(opening) AS opening,
    sum(deposit) AS deposit,
    sum(withdrawal) AS withdrawal,
    sum(transfer) AS transfer,
    sum(trade) AS trade,
    sum(fee) AS fee,
    sum(funding) AS funding,
    sum(interest) AS interest,
    sum(settlement) AS settlement,
    sum(delta) AS delta,
    sum(gamma) AS gamma,
    sum(vega) AS vega,
    sum(theta) AS theta,
    sum(closing) AS closing
  FROM known
  GROUP BY account, bucket, asset_id
)
SELECT
  *,
  closing - opening - deposit - withdrawal - transfer - trade - fee - funding - interest - settlement
  - delta - gamma - vega - theta AS remainder
FROM summed

-- section: result

-- name: create-quoted-part
-- The parts of every row in their order, each with its worth in the quote currency. The opening is at its own price,
-- all others at the closing price. delta also has what the opening gained by the asset's price. The worths are
-- differences of rounded running sums, so that they add up as the parts do.
CREATE VIEW quoted_part AS
WITH running AS (
  SELECT
    attribution.*,
    symbol,
    decimals,
    quote_amount(opening, opening_price, decimals) AS quoted_opening,
    list_transform(
      [
        opening,
        opening + deposit,
        opening + deposit + withdrawal,
        opening + deposit + withdrawal + transfer,
        opening + deposit + withdrawal + transfer + trade,
        opening + deposit + withdrawal + transfer + trade + fee,
        opening + deposit + withdrawal + transfer + trade + fee + funding,
        opening + deposit + withdrawal + transfer + trade + fee + funding + interest,
        opening + deposit + withdrawal + transfer + trade + fee + funding + interest + settlement,
        opening + deposit + withdrawal + transfer + trade + fee + funding + interest + settlement + delta,
        opening + deposit + withdrawal + transfer + trade + fee + funding + interest + settlement + delta + gamma,
        opening + deposit + withdrawal + transfer + trade + fee + funding + interest + settlement + delta + gamma + vega,
        closing - remainder,
        closing
      ],
      lambda units: quote_amount(units, closing_price, decimals)
    ) AS sums
  FROM attribution
  JOIN attributed_asset USING (asset_id)
)
SELECT
  account,
  bucket,
  asset_id,
  symbol,
  decimals,
  unnest([
    {'part': 'opening', 'amount': opening, 'quote': quoted_opening},
    {'part': 'deposit', 'amount': deposit, 'quote': (sums[2] - sums[1])::DECIMAL(38, 6)},
    {'part': 'withdrawal', 'amount': withdrawal, 'quote': (sums[3] - sums[2])::DECIMAL(38, 6)},
    {'part': 'transfer', 'amount': transfer, 'quote': (sums[4] - sums[3])::DECIMAL(38, 6)},
    {'part': 'trade', 'amount': trade, 'quote': (sums[5] - sums[4])::DECIMAL(38, 6)},
    {'part': 'fee', 'amount': fee, 'quote': (sums[6] - sums[5])::DECIMAL(38, 6)},
    {'part': 'funding', 'amount': funding, 'quote': (sums[7] - sums[6])::DECIMAL(38, 6)},
    {'part': 'interest', 'amount': interest, 'quote': (sums[8] - sums[7])::DECIMAL(38, 6)},
    {'part': 'settlement', 'amount': settlement, 'quote': (sums[9] - sums[8])::DECIMAL(38, 6)},
    {'part': 'delta', 'amount': delta, 'quote': (sums[10] - sums[9] + sums[1] - quoted_opening)::DECIMAL(38, 6)},
    {'part': 'gamma', 'amount': gamma, 'quote': (sums[11] - sums[10])::DECIMAL(38, 6)},
    {'part': 'vega', 'amount': vega, 'quote': (sums[12] - sums[11])::DECIMAL(38, 6)},
    {'part': 'theta', 'amount': theta, 'quote': (sums[13] - sums[12])::DECIMAL(38, 6)},
    {'part': 'remainder', 'amount': remainder, 'quote': (sums[14] - sums[13])::DECIMAL(38, 6)},
    {'part': 'closing', 'amount': closing, 'quote': sums[14]}
  ], recursive := true)
FROM running

-- name: order-attribution
-- The rows in the order in which they are written.
CREATE OR REPLACE TABLE attribution AS
FROM attribution
ORDER BY account, asset_id, bucket

-- name: write-attribution
-- attribution.parquet: by account, asset and bucket, the parts in their order; opening and closing always, others where they
-- are not nothing. Parquet has no 128-bit integer: proof units are DECIMAL(38, 0).
COPY (
  SELECT account, symbol AS asset, bucket, part, amount::DECIMAL(38, 0) AS amount, quote AS quote_amount
  FROM quoted_part
  WHERE part IN ('opening', 'closing') OR amount <> 0 OR quote <> 0
) TO (getvariable('out_path')) (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)

-- name: write-attribution-csv
-- attribution.csv: the same rows with amounts in whole units.
COPY (
  SELECT
    cell_text(account) AS account,
    symbol AS asset,
    cell_text(bucket) AS bucket,
    part,
    units_text(amount, decimals) AS amount,
    quote::VARCHAR AS quote_amount
  FROM quoted_part
  WHERE part IN ('opening', 'closing') OR amount <> 0 OR quote <> 0
) TO (getvariable('out_path')) (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', FORCE_QUOTE (account, asset, bucket))

-- section: summary

-- name: count-attribution
-- How much there is of it.
SELECT
  count(*) AS row_count,
  count(DISTINCT account) AS account_count,
  count_if(opening + deposit + withdrawal + transfer + trade + fee + funding + interest + settlement + delta + gamma + vega
    + theta + remainder <> closing) AS unequal
FROM attribution

-- name: select-asset-parts
-- The parts of all accounts together, by asset.
SELECT symbol, decimals, part, sum(amount) AS amount, sum(quote)::VARCHAR AS quote
FROM quoted_part
GROUP BY asset_id, symbol, decimals, part
ORDER BY asset_id

-- name: select-account-parts
-- The parts of one account, by asset.
SELECT symbol, decimals, part, sum(amount) AS amount, sum(quote)::VARCHAR AS quote
FROM quoted_part
WHERE account = getvariable('account')
GROUP BY asset_id, symbol, decimals, part
ORDER BY asset_id

-- name: select-liveliest-account
-- The account with the most different parts, and among those the one that options moved the most.
SELECT account
FROM attribution
JOIN attributed_asset USING (asset_id)
GROUP BY account
ORDER BY
  bool_or(gamma <> 0)::INTEGER + bool_or(trade <> 0)::INTEGER + bool_or(fee <> 0)::INTEGER + bool_or(funding <> 0)::INTEGER
  + bool_or(interest <> 0)::INTEGER + bool_or(settlement <> 0)::INTEGER + bool_or(deposit <> 0)::INTEGER
  + bool_or(withdrawal <> 0)::INTEGER + bool_or(transfer <> 0)::INTEGER + bool_or(delta <> 0)::INTEGER DESC,
  sum(abs(delta + gamma + vega + theta)::DOUBLE * closing_price / pow(10, decimals)) DESC,
  account
LIMIT 1

-- name: select-explained
-- How much of what the market made of options their Greeks explain, by how long they had to live, in the quote currency.
SELECT
  CASE
    WHEN days_to_expiry <= 1 THEN 1
    WHEN days_to_expiry <= 7 THEN 7
    WHEN days_to_expiry <= 30 THEN 30
    ELSE 10000
  END AS most_days,
  count(*) AS positions,
  sum(abs(market)::DOUBLE * closing_price / pow(10, decimals)) AS moved,
  sum(abs(market - delta - gamma - vega - theta)::DOUBLE * closing_price / pow(10, decimals)) AS unexplained
FROM position_part
JOIN attributed_asset USING (asset_id)
WHERE days_to_expiry IS NOT NULL AND has_greeks
GROUP BY most_days
ORDER BY most_days
