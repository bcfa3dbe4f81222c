-- What each account is worth: the signed components of its books in proof units, and its holdings.

-- section: decimals

-- name: select-largest-amounts
-- More whole units of each asset than any user has. It is the sum of what all sources state, whichever of it counts.
-- Where positions are settled in the asset it is a hundred times as much, for what they have won.
WITH stated AS (
  SELECT account, asset_index, amount FROM stated_balance
  UNION ALL
  SELECT account, asset_index, amount FROM opening_balance
  UNION ALL
  SELECT account, asset_index, amount FROM ledger_sum
  UNION ALL
  SELECT account, asset_index, reserved AS amount FROM open_order
  UNION ALL
  SELECT account, asset_index, amount FROM settlement
  UNION ALL
  SELECT account, asset_index, amount FROM collateral
  UNION ALL
  SELECT account, asset_index, principal AS amount FROM loan
  UNION ALL
  SELECT account, asset_index, interest AS amount FROM loan
), held AS (
  SELECT user_id, asset_index, sum(abs(amount)::HUGEINT + 1) AS amount
  FROM stated
  JOIN book_account USING (account)
  WHERE class = 'user'
  GROUP BY user_id, asset_index
), settled AS (
  SELECT DISTINCT settlement_index AS asset_index
  FROM open_position
  JOIN instrument USING (instrument)
)
SELECT asset_index, max(held.amount) * if(any_value(settled.asset_index) IS NULL, 1, 100) AS largest
FROM held
LEFT JOIN settled USING (asset_index)
GROUP BY asset_index

-- name: set-decimals
-- The decimals of one asset that were chosen.
UPDATE book_asset SET decimals = {{decimals}} WHERE asset_index = {{asset_index}}

-- section: schema

-- name: create-asset-unit
-- How amounts with 18 digits behind the point become proof units. A whole unit is `unit` of them. 10^-18 of a whole
-- unit is 1/cut or `fine` of them, whichever is a whole number. What is cut off is counted in `cut_unit`, so that it is
-- in units of 10^-30 of a proof unit. No amount comes near `cap` whole units, so that no count overflows.
CREATE TABLE asset_unit AS
SELECT
  asset_index,
  rpad('1', 1 + decimals, '0')::HUGEINT AS unit,
  rpad('1', 1 + greatest(18 - decimals, 0), '0')::BIGINT AS cut,
  rpad('1', 1 + greatest(decimals - 18, 0), '0')::HUGEINT AS fine,
  rpad('1', 13 + decimals, '0')::HUGEINT AS cut_unit,
  rpad('1', 29 - decimals, '0')::HUGEINT AS cap
FROM book_asset

-- name: create-valued-account
-- Only what belongs to users is valued: the house's own, insurance and fee accounts are owed to nobody else.
CREATE VIEW valued_account AS
SELECT account, user_id FROM book_account WHERE class = 'user'

-- name: create-amount-whole
-- What a signed amount has before the point. Its digits are read from text: dividing 128-bit integers takes longer.
CREATE MACRO amount_whole(amount) AS
  left(amount::VARCHAR, -19)::HUGEINT

-- name: create-amount-fraction
-- What a signed amount has behind the point, with its sign, in units of 10^-18.
CREATE MACRO amount_fraction(amount) AS
  right(amount::VARCHAR, 18)::BIGINT * if(amount < 0, -1, 1)

-- name: create-amount-units
-- The proof units of a signed amount, rounded up; division cuts toward zero. Beyond the cap it is the cap, which is
-- refused later.
CREATE MACRO amount_units(amount, asset) AS
  least(asset.cap, greatest(-asset.cap, amount_whole(amount))) * asset.unit
  + (amount_fraction(amount) + if(amount > 0, asset.cut - 1, 0)) // asset.cut * asset.fine

-- name: create-amount-rounding
-- What rounding up adds to a signed amount, in units of 10^-30 of a proof unit; a remainder has the sign of the amount.
CREATE MACRO amount_rounding(amount, asset) AS
  (asset.cut - amount_fraction(amount) % asset.cut) % asset.cut * asset.cut_unit

-- name: create-cash
-- The cash of every account: as the wallet system states it, or as the ledger makes it of the opening balances.
CREATE VIEW cash AS
SELECT account, asset_index, amount
FROM stated_balance
WHERE getvariable('cash_from') <> 'ledger'
UNION ALL
SELECT account, asset_index, sum(amount) AS amount
FROM (FROM opening_balance UNION ALL BY NAME FROM ledger_sum)
WHERE getvariable('cash_from') = 'ledger'
GROUP BY account, asset_index

-- name: create-order-hold
-- What open orders hold, where the stated balances are without it. Elsewhere it is inside cash.
CREATE VIEW order_hold AS
SELECT account, asset_index, sum(reserved) AS amount
FROM open_order
WHERE getvariable('cash_from') = 'balances-available'
GROUP BY account, asset_index

-- name: create-isolated-position
-- Positions with a margin bucket of their own.
CREATE VIEW isolated_position AS
SELECT account, position_id FROM open_position WHERE margin_mode = 'isolated'

-- name: create-unsettled-amount
-- What is not settled into cash yet, in the bucket of the isolated position that it belongs to, if that is still open.
CREATE VIEW unsettled_amount AS
SELECT
  settlement.account,
  coalesce(isolated_position.position_id, 'cross') AS bucket,
  asset_index,
  CASE kind
    WHEN 'withdrawal' THEN 'withdrawal-in-flight'
    WHEN 'deposit' THEN 'deposit-in-flight'
    ELSE kind
  END AS kind,
  reference,
  amount
FROM settlement
LEFT JOIN isolated_position USING (account, position_id)
WHERE NOT in_cash

-- name: create-borrowed-amount
-- Loans and their interest, which the account owes, in the bucket of the isolated position that secures them.
CREATE VIEW borrowed_amount AS
WITH placed AS (
  SELECT loan.*, coalesce(isolated_position.position_id, 'cross') AS bucket
  FROM loan
  LEFT JOIN isolated_position USING (account, position_id)
)
SELECT account, bucket, asset_index, 'loan' AS kind, loan_id AS reference, -principal AS amount FROM placed
UNION ALL
SELECT account, bucket, asset_index, 'interest', loan_id, -interest FROM placed

-- name: create-margin-amount
-- The margin of an isolated position is in its bucket, and taken out of the cross account where cash still has it.
CREATE VIEW margin_amount AS
WITH margined AS (
  SELECT account, position_id, settlement_index AS asset_index, margin, margin_outside_cash
  FROM open_position
  JOIN instrument USING (instrument)
  WHERE margin_mode = 'isolated'
)
SELECT account, position_id AS bucket, asset_index, 'isolated-margin' AS kind, position_id AS reference, margin AS amount
FROM margined
UNION ALL
SELECT account, 'cross', asset_index, 'isolated-margin', position_id, -margin
FROM margined
WHERE NOT margin_outside_cash

-- name: create-stated-component
-- Every signed component that the books state as an amount, each counted once. What cash has already is left out.
CREATE VIEW stated_component AS
SELECT account, 'cross' AS bucket, asset_index, 'cash' AS kind, '' AS reference, amount FROM cash
UNION ALL
SELECT account, 'cross', asset_index, 'open-orders', '', amount FROM order_hold
UNION ALL
SELECT account, 'cross', asset_index, 'collateral-posted', reference, amount
FROM collateral
WHERE direction = 'posted' AND NOT in_cash
UNION ALL
SELECT account, 'cross', asset_index, 'collateral-received', reference, -amount
FROM collateral
WHERE direction = 'received' AND NOT in_cash
UNION ALL
SELECT account, bucket, asset_index, kind, reference, amount FROM borrowed_amount
UNION ALL
SELECT account, bucket, asset_index, kind, reference, amount FROM unsettled_amount
UNION ALL
SELECT account, bucket, asset_index, kind, reference, amount FROM margin_amount

-- name: create-held-instrument
-- The instruments that users have open positions in.
CREATE TABLE held_instrument AS
SELECT DISTINCT instrument
FROM open_position
SEMI JOIN valued_account USING (account)
WHERE quantity <> 0

-- name: create-component
-- The signed components of what an account is worth, one line of a statement each. bucket is cross or the id of an
-- isolated position. value_units counts proof units and is rounded up, in the account's favour. rounding is what that
-- added, in units of 10^-30 of a proof unit, rounded down. A position has its quantity in contracts and, where its
-- value follows from one, an entry price in the same asset as its price. An amount has itself as quantity. A component
-- that only takes the others of its bucket to nothing has no quantity.
CREATE TABLE component (
  account VARCHAR NOT NULL,
  bucket VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  reference VARCHAR NOT NULL,
  instrument VARCHAR,
  quantity DECIMAL(38, 18),
  entry_price DECIMAL(38, 18),
  value_units HUGEINT NOT NULL,
  rounding HUGEINT NOT NULL
)

-- name: create-quoted-instrument
-- Everything that the value of each position in an instrument follows from, as canonical JSON that statements hold: the
-- instrument's terms, its quote, and the prices that convert to its settlement asset. Beside it stand the names of the
-- sources in it.
CREATE TABLE quoted_instrument (
  instrument VARCHAR NOT NULL,
  terms VARCHAR NOT NULL,
  quote VARCHAR NOT NULL,
  conversion VARCHAR NOT NULL,
  texts VARCHAR[] NOT NULL
)

-- section: refusals

-- name: count-unassigned-accounts
-- Accounts that hold or owe something and belong to nobody, by the accounts that the books list.
WITH named AS (
  SELECT account FROM stated_component
  UNION ALL
  SELECT account FROM open_position
)
SELECT count(DISTINCT account) AS account_count
FROM named
ANTI JOIN book_account USING (account)

-- name: count-nameless-accounts
-- Accounts of users that do not say of which user.
SELECT count(*) AS account_count FROM valued_account WHERE user_id IS NULL

-- name: find-malformed-positions
-- Positions that cannot be put into a margin bucket or valued, by what is wrong, and what names another account's.
WITH checked AS (
  SELECT
    account,
    CASE
      WHEN margin_mode NOT IN ('cross', 'isolated') THEN 'margin-mode'
      WHEN margin_mode = 'isolated' AND (margin IS NULL OR margin < 0) THEN 'margin-missing'
      WHEN margin_mode = 'isolated' AND position_id IN ('', 'cross') THEN 'position-id'
      WHEN margin_mode = 'cross' AND margin_outside_cash AND coalesce(margin <> 0, false) THEN 'margin-stray'
      WHEN instrument.instrument IS NULL THEN 'instrument'
      WHEN kind <> 'option' AND entry_price <= 0 THEN 'entry-price'
      WHEN style = 'futures-style' AND entry_price < 0 THEN 'entry-price'
    END AS fault
  FROM open_position
  LEFT JOIN instrument ON instrument.instrument = open_position.instrument
  UNION ALL
  SELECT settlement.account, 'foreign'
  FROM settlement
  JOIN open_position USING (position_id)
  WHERE settlement.account <> open_position.account
  UNION ALL
  SELECT loan.account, 'foreign'
  FROM loan
  JOIN open_position USING (position_id)
  WHERE loan.account <> open_position.account
)
SELECT fault, count(*) AS row_count
FROM checked
SEMI JOIN valued_account USING (account)
WHERE fault IS NOT NULL
GROUP BY fault
ORDER BY fault

-- section: prices

-- name: select-prices-in-force
-- The last price of each asset up to the instant, if there is any.
WITH asked AS (
  SELECT asset_index, getvariable('at_ns')::BIGINT AS asked_ns FROM book_asset
)
SELECT asked.asset_index, price, at_ns, source
FROM asked
ASOF LEFT JOIN asset_price ON asked.asset_index = asset_price.asset_index AND asked_ns >= at_ns
ORDER BY asked.asset_index

-- name: select-held-instruments
-- The terms of the instruments that users have open positions in.
SELECT instrument, kind, underlying, settlement_index, contract_size, style, strike, expiry_ns, option_right
FROM instrument
SEMI JOIN held_instrument USING (instrument)
ORDER BY instrument

-- name: select-marks-in-force
-- The last mark of each kind up to the instant, for the instruments that users have open positions in.
WITH asked AS (
  SELECT instrument, kind, getvariable('at_ns')::BIGINT AS asked_ns
  FROM held_instrument
  CROSS JOIN (VALUES ('mark'), ('settlement'), ('forward'), ('volatility')) AS wanted (kind)
)
SELECT asked.instrument, asked.kind, price, price_asset, at_ns, source
FROM asked
ASOF JOIN mark ON asked.instrument = mark.instrument AND asked.kind = mark.kind AND asked_ns >= at_ns

-- section: components

-- name: insert-stated-components
-- The stated amounts of users' accounts in proof units, each rounded up.
INSERT INTO component (account, bucket, asset_index, kind, reference, quantity, value_units, rounding)
SELECT
  account,
  bucket,
  asset_index,
  kind,
  reference,
  amount,
  amount_units(amount, asset_unit),
  amount_rounding(amount, asset_unit)
FROM stated_component
SEMI JOIN valued_account USING (account)
JOIN asset_unit USING (asset_index)
WHERE amount <> 0

-- name: select-component-assets
-- The assets that users have stated amounts of.
SELECT symbol
FROM book_asset
SEMI JOIN component USING (asset_index)
ORDER BY asset_index

-- name: select-open-positions
-- The open positions of users, each with its margin bucket.
SELECT
  account,
  if(margin_mode = 'isolated', position_id, 'cross') AS bucket,
  position_id,
  instrument,
  quantity,
  entry_price
FROM open_position
SEMI JOIN valued_account USING (account)
WHERE quantity <> 0

-- name: find-components-too-large
-- Components so large that sums of them might overflow.
SELECT asset_index, symbol, decimals, max(abs(value_units)) AS largest
FROM component
JOIN book_asset USING (asset_index)
WHERE abs(value_units) >= 1000000000000000000000000000
GROUP BY asset_index, symbol, decimals
ORDER BY asset_index

-- name: select-component-sums
-- What the components of each kind add up to, per asset.
SELECT kind, symbol, count(*) AS line_count, sum(value_units) AS units
FROM component
JOIN book_asset USING (asset_index)
GROUP BY kind, asset_index, symbol
ORDER BY kind, asset_index

-- section: isolated losses

-- name: create-isolated-net
-- What each isolated bucket is worth, per asset.
CREATE TABLE isolated_net AS
SELECT account, bucket, asset_index, sum(value_units) AS net_units
FROM component
WHERE bucket <> 'cross'
GROUP BY account, bucket, asset_index
HAVING net_units <> 0

-- name: select-isolated-nets
-- Isolated buckets that are in debt for some asset, one after the other.
SELECT account, bucket, asset_index, net_units
FROM isolated_net
SEMI JOIN (SELECT account, bucket FROM isolated_net WHERE net_units < 0) AS indebted USING (account, bucket)
ORDER BY account, bucket, asset_index

-- section: holdings

-- name: create-bucket-net
-- What the components of each margin bucket add up to, per asset.
CREATE TABLE bucket_net AS
SELECT account, asset_index, sum(value_units) AS units, sum(rounding) AS rounding
FROM component
GROUP BY account, bucket, asset_index

-- name: create-holding-from-components
-- What each user holds and owes in each asset: positive buckets of all their accounts add up to equity, negative ones to
-- debt. Null is 2^64 proof units or more.
CREATE TABLE holding AS
SELECT
  0::UBIGINT AS line,
  user_id,
  asset_index,
  try_cast(sum(greatest(units, 0)) AS UBIGINT) AS equity_units,
  try_cast(sum(greatest(-units, 0)) AS UBIGINT) AS debt_units,
  sum(if(units > 0, rounding, 0)) AS equity_rounding,
  sum(if(units > 0, 0, rounding)) AS debt_rounding
FROM bucket_net
JOIN valued_account USING (account)
GROUP BY user_id, asset_index

-- name: insert-empty-holdings
-- A user with nothing is a user too: one row of nothing, in the first asset.
INSERT INTO holding
SELECT DISTINCT 0, user_id, 0, 0, 0, 0, 0
FROM valued_account
ANTI JOIN holding USING (user_id)

-- name: drop-bucket-net
-- Nothing needs the sums of buckets beside the components any more.
DROP TABLE bucket_net

-- name: find-holdings-too-large
-- Every equity and debt of a user must be below 2^64 proof units; largest is the largest that is not.
WITH summed AS (
  SELECT
    asset_index,
    greatest(sum(greatest(units, 0)), sum(greatest(-units, 0))) AS units
  FROM bucket_net
  JOIN valued_account USING (account)
  GROUP BY user_id, asset_index
)
SELECT asset_index, symbol, decimals, max(units) AS largest
FROM summed
JOIN book_asset USING (asset_index)
WHERE units > 18446744073709551615
GROUP BY asset_index, symbol, decimals
ORDER BY asset_index

-- section: users under water

-- name: insert-write-offs
-- A line for each debt that is written off with its user, which brings its bucket back to nothing.
INSERT INTO component BY NAME
SELECT
  account,
  bucket,
  asset_index,
  'write-off' AS kind,
  '' AS reference,
  -sum(value_units) AS value_units,
  0::HUGEINT AS rounding
FROM component
JOIN valued_account USING (account)
SEMI JOIN underwater_account USING (user_id)
GROUP BY account, bucket, asset_index
HAVING sum(value_units) < 0

-- name: write-unplanned-users
-- unplanned.csv: the users whose debt no rows cover exactly, and what would help.
COPY (
  SELECT user_id, slots_needed, sufficient_slack
  FROM unplanned_account
  ORDER BY user_id
) TO (getvariable('unplanned_path')) (FORMAT csv, HEADER true)

-- name: write-underwater-users
-- underwater.csv: what each user under water holds and owes, in proof units of that many decimals.
COPY (
  SELECT user_id, symbol AS asset, decimals, equity_units, debt_units
  FROM holding
  SEMI JOIN underwater_account USING (user_id)
  JOIN asset USING (asset_index)
  ORDER BY user_id, asset_index
) TO (getvariable('underwater_path')) (FORMAT csv, HEADER true)
