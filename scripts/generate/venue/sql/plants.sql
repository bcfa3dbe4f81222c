-- What can be made wrong in the books of a venue, one break a query.

-- section: rows to break

-- name: make-plant-row
-- A row of the ledger with others before and behind it, of an account without an opening balance: what most plants are
-- about.
CREATE TEMP TABLE plant_row AS
WITH placed AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY account, asset ORDER BY at_ns) AS place,
    count(*) OVER (PARTITION BY account, asset) AS places
  FROM ledger
  WHERE at_ns <= getvariable('instant_ns') AND starts_with(account, 'A')
)
SELECT account, asset, reference
FROM placed
ANTI JOIN opening USING (account)
WHERE place = 3 AND places > 4
ORDER BY reference
LIMIT 1

-- name: make-plant-future
-- A future that users hold at the instant and that has not expired.
CREATE TEMP TABLE plant_future AS
SELECT instrument
FROM positions
JOIN instruments USING (instrument)
WHERE
  kind <> 'option'
  AND coalesce(expiry_ns, getvariable('instant_ns') + 1) > getvariable('instant_ns')
  AND at_ns <= getvariable('instant_ns')
ORDER BY instrument
LIMIT 1

-- section: breaks

-- name: ledger-row-dropped
-- A row of the ledger is lost, from the middle of a holding's.
DELETE FROM ledger
WHERE reference = (SELECT reference FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: ledger-row-doubled
-- A row of the ledger is there twice.
INSERT INTO ledger
SELECT *
FROM ledger
WHERE reference = (SELECT reference FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: ledger-row-changed
-- The amount of a row of the ledger is another than it was.
UPDATE ledger
SET amount = amount + 0.01
WHERE reference = (SELECT reference FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: balance-changed
-- A user's balance is stated higher than the ledger makes it.
UPDATE balances
SET amount = amount + 0.01
WHERE (account, asset) = (SELECT (account, asset) FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: balance-doubled
-- A balance is stated twice.
INSERT INTO balances
SELECT *
FROM balances
WHERE (account, asset) = (SELECT (account, asset) FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: balance-of-unknown-asset
-- A balance is in an asset that is not listed.
INSERT INTO balances
SELECT account, 'NOPE' AS asset, 1 AS amount
FROM plant_row
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: account-missing-in-balances
-- The wallet system has forgotten an account.
DELETE FROM balances
WHERE account = (SELECT account FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: account-missing-in-ledger
-- The ledger knows nothing of an account; nor does it begin with anything there.
DELETE FROM ledger
WHERE account = (SELECT account FROM plant_row)
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: account-not-listed
-- An account belongs to no one.
DELETE FROM accounts
WHERE account = (SELECT account FROM plant_row)
RETURNING account, NULL::VARCHAR AS asset, NULL::VARCHAR AS instrument

-- name: account-under-water
-- An account owes far more than it has.
INSERT INTO loans
SELECT account, 'N-planted', 'BTC', 100000000, 0, NULL, NULL, getvariable('instant_ns') - 1
FROM plant_row
RETURNING account, asset, NULL::VARCHAR AS instrument

-- name: control-changed
-- The control account of an asset has another amount than the accounts together.
UPDATE control
SET amount = amount - 0.01
WHERE asset = (SELECT asset FROM plant_row)
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument

-- name: control-missing
-- An asset has no control account.
DELETE FROM control
WHERE asset = (SELECT asset FROM plant_row)
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument

-- name: positions-not-netted
-- The desk has one contract more than it should, so that longs and shorts differ.
UPDATE positions
SET quantity = quantity + 1
WHERE position_id = (SELECT min(position_id) FROM positions WHERE account = 'platform-desk')
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument

-- name: position-of-unknown-instrument
-- A position is in an instrument that is not described.
DELETE FROM instruments
WHERE instrument = (SELECT min(instrument) FROM positions)
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument

-- name: position-without-margin
-- An isolated position has no margin.
UPDATE positions
SET margin = NULL
WHERE position_id = (
  SELECT min(position_id)
  FROM positions
  WHERE margin_mode = 'isolated' AND at_ns <= getvariable('instant_ns')
)
RETURNING account, NULL::VARCHAR AS asset, instrument

-- name: price-missing
-- An asset has no price.
DELETE FROM prices
WHERE asset = (SELECT asset FROM plant_row)
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument

-- name: price-stale
-- The prices of an asset end half an hour before the instant.
DELETE FROM prices
WHERE
  asset = (SELECT asset FROM plant_row)
  AND at_ns BETWEEN getvariable('instant_ns') - 1800000000000 AND getvariable('instant_ns')
RETURNING NULL::VARCHAR AS account, asset, NULL::VARCHAR AS instrument

-- name: mark-missing
-- A future has no mark.
DELETE FROM marks
WHERE instrument = (SELECT instrument FROM plant_future)
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument

-- name: mark-stale
-- The marks of a future end half an hour before the instant.
DELETE FROM marks
WHERE
  instrument = (SELECT instrument FROM plant_future)
  AND at_ns BETWEEN getvariable('instant_ns') - 1800000000000 AND getvariable('instant_ns')
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument

-- name: settlement-price-missing
-- An instrument that has expired has no settlement price, though there are marks of it.
DELETE FROM marks
WHERE kind = 'settlement' AND instrument = (SELECT min(instrument) FROM marks WHERE kind = 'settlement')
RETURNING NULL::VARCHAR AS account, NULL::VARCHAR AS asset, instrument
