-- The books of a venue that is made up, one table a source, from accounts to marks.

-- section: books

-- name: make-accounts
-- Accounts of users: every tenth belongs to the user of the account before it. Wealth is in millionths of the quote
-- currency: 50 to 100 at first, doubled again and again with three chances in five, which gives a heavy tail.
CREATE TABLE made_account AS
SELECT
  number,
  'A' || lpad(number::VARCHAR, 8, '0') AS account,
  number - (number + 1) // 10 AS user_number,
  draw_between('wealth', number, 50000000, 100000000)
  << len(list_filter(getvariable('doubling_thresholds'), threshold -> draw('doubling', number, 1048576) < threshold))
    AS wealth_micros,
  CASE
    WHEN draw('empty', number, 200) = 0 THEN 0
    WHEN chance('few', number, 60) THEN draw_between('one-or-two', number, 1, 2)
    WHEN chance('some', number, 85) THEN draw_between('three-or-four', number, 3, 4)
    ELSE draw_between('many', number, 5, 12)
  END AS asset_slots
FROM range(getvariable('account_count')) AS made (number)

-- name: make-cash
-- What each account has of each asset in cash at the instant, and had when the ledger began: three in four had nothing.
-- Wealth is spread over the drawn assets in random shares. People like round amounts: two in five have two decimals.
CREATE TABLE made_cash AS
WITH held AS (
  SELECT DISTINCT number, wealth_micros, asset_index
  FROM made_account, unnest(range(asset_slots)) AS drawn (slot)
  JOIN asset_wheel ON place = draw('asset', number * 64 + slot, getvariable('wheel_places'))
),
spread AS (
  SELECT *, number * 64 + asset_index AS holding, draw_between('share', number * 64 + asset_index, 1, 100) AS share
  FROM held
),
invested AS (
  SELECT
    *,
    units_of(wealth_micros * share // sum(share) OVER (PARTITION BY number), decimals, price_e12) AS exact_units,
    power_of_ten(greatest(decimals - 2, 0))::BIGINT AS round_units
  FROM spread
  JOIN made_asset USING (asset_index)
),
rounded AS (
  SELECT
    *,
    if(
      chance('round', holding, 40) AND exact_units > round_units,
      exact_units - exact_units % round_units,
      exact_units
    ) AS units
  FROM invested
)
SELECT
  number,
  asset_index,
  holding,
  units,
  if(chance('opening', holding, 25), units * draw_between('opening-share', holding, 10, 150) // 100, 0) AS opening_units,
  micros_of(units, decimals, price_e12) * ratio_e4 // 10000 AS collateral_micros
FROM rounded

-- name: make-capacity
-- What each account's cash counts for as collateral, in millionths of the quote currency. Everything that can be lost or
-- is owed is a share of it, and the shares add up to less than the whole: that is why every account is solvent.
CREATE TABLE made_capacity AS
SELECT number, account, sum(collateral_micros)::BIGINT AS capacity_micros
FROM made_cash
JOIN made_account USING (number)
GROUP BY number, account

-- name: create-ledger
-- The source `ledger`.
CREATE TABLE ledger (
  account VARCHAR NOT NULL,
  asset VARCHAR NOT NULL,
  amount DECIMAL(38, 18) NOT NULL,
  kind VARCHAR NOT NULL,
  at_ns BIGINT NOT NULL,
  reference VARCHAR NOT NULL,
  balance_after DECIMAL(38, 18)
)

-- name: make-ledger
-- The ledger of the users: so many rows for each account, spread over its assets and the window, each the difference
-- between two balances, so that they add up. One holding in 500 changes at the very instant, one in 20 after it.
INSERT INTO ledger
WITH planned AS (
  SELECT
    *,
    greatest(getvariable('rows_per_account') // count(*) OVER (PARTITION BY number) + 1, 2) AS steps
  FROM made_cash
),
stepped AS (
  SELECT
    *,
    holding * 1024 + step AS key,
    getvariable('window_ns') // steps AS pace_ns,
    level(holding, opening_units, units, step - 1, steps) AS units_before,
    level(holding, opening_units, units, step, steps) AS units_after
  FROM planned, unnest(range(1, steps + if(chance('late', holding, 5), 2, 1))) AS stepping (step)
)
SELECT
  account,
  asset,
  amount(units_after - units_before, made_asset.step) AS amount,
  CASE
    WHEN stepped.step = 1 AND opening_units = 0 THEN 'deposit'
    WHEN stepped.step % 2 = 0 AND units_after < units_before THEN pick('loss', key, ['fee', 'fee', 'funding'])
    WHEN stepped.step % 2 = 0 THEN pick('gain', key, ['funding', 'realised', 'adjustment'])
    WHEN units_after < units_before THEN pick('out', key, ['trade', 'trade', 'withdrawal', 'transfer', 'realised'])
    ELSE pick('in', key, ['trade', 'trade', 'deposit', 'transfer', 'realised'])
  END AS kind,
  getvariable('instant_ns') + CASE
    WHEN stepped.step > steps THEN 1 + draw('late-time', key, 200000000000)
    WHEN stepped.step = steps AND draw('at-once', key, 500) = 0 THEN 0
    ELSE (stepped.step - 1) * pace_ns + draw('time', key, pace_ns) - getvariable('window_ns')
  END AS at_ns,
  'L' || lower(to_base(key, 36)) AS reference,
  amount(units_after, made_asset.step) AS balance_after
FROM stepped
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
WHERE units_after <> units_before

-- name: make-house-ledger
-- The other side of what the users traded, paid and got: fees go to the fee account, the rest comes from the desk, in
-- one row a day. What it begins with covers all that it pays.
INSERT INTO ledger
WITH flow AS (
  SELECT
    if(kind = 'fee', 'platform-fees', 'platform-desk') AS account,
    asset,
    kind,
    (at_ns - 1) // 86400000000000 AS day,
    -sum(amount) AS amount
  FROM ledger
  WHERE kind NOT IN ('deposit', 'withdrawal') AND at_ns <= getvariable('instant_ns')
  GROUP BY ALL
),
paid AS (
  SELECT account, asset, sum(greatest(-amount, 0)) AS amount
  FROM flow
  GROUP BY ALL
),
moved AS (
  SELECT account, asset, kind, amount, day * 86400000000000 + 86399000000000 AS at_ns
  FROM flow
  UNION ALL
  SELECT account, asset, 'deposit', amount + 1, getvariable('instant_ns') - getvariable('window_ns')
  FROM paid
),
numbered AS (
  SELECT *, 'D' || lower(to_base(row_number() OVER (ORDER BY at_ns, account, asset, kind), 36)) AS reference
  FROM moved
)
SELECT
  account,
  asset,
  amount,
  kind,
  at_ns,
  reference,
  sum(amount) OVER (PARTITION BY account, asset ORDER BY at_ns, reference) AS balance_after
FROM numbered

-- name: make-opening
-- The source `opening`; the insurance fund has been there all along.
CREATE TABLE opening AS
SELECT account, asset, amount(opening_units, step) AS amount
FROM made_cash
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
WHERE opening_units > 0
UNION ALL
SELECT 'platform-insurance', asset, 250000::DECIMAL(38, 18)
FROM made_asset
WHERE asset IN ('USDT', 'USDC')

-- name: make-totals
-- All cash of each account and asset at the instant, which the sums of the ledger lead to.
CREATE TABLE made_total AS
SELECT account, asset, amount(units, step) AS amount
FROM made_cash
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
UNION ALL
SELECT account, asset, sum(amount)::DECIMAL(38, 18)
FROM ledger
WHERE starts_with(account, 'platform-')
GROUP BY account, asset
UNION ALL
SELECT account, asset, amount
FROM opening
WHERE account = 'platform-insurance'

-- name: make-control
-- The source `control`.
CREATE TABLE control AS
SELECT asset, sum(amount)::DECIMAL(38, 18) AS amount
FROM made_total
GROUP BY asset

-- name: make-orders
-- The source `orders`: three holdings in ten have an open order that reserves a part; one in thirty came too late.
CREATE TABLE orders AS
SELECT
  account,
  'O' || lower(to_base(holding, 36)) AS order_id,
  asset,
  amount(units * draw_between('reserved', holding, 5, 60) // 100, step) AS reserved,
  getvariable('instant_ns') + if(
    chance('order-late', holding, 3),
    1 + draw('order-late-time', holding, 200000000000),
    -draw('order-time', holding, 86400000000000)
  ) AS at_ns
FROM made_cash
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
WHERE chance('order', holding, 30)

-- name: make-balances
-- The source `balances`, as the venue's wallet system states them: all of it, or without what open orders hold.
CREATE TABLE balances AS
WITH held AS (
  SELECT account, asset, sum(reserved) AS reserved
  FROM orders
  WHERE getvariable('cash') = 'balances-available' AND at_ns <= getvariable('instant_ns')
  GROUP BY account, asset
)
SELECT account, asset, (amount - coalesce(reserved, 0))::DECIMAL(38, 18) AS amount
FROM made_total
LEFT JOIN held USING (account, asset)

-- name: make-source-accounts
-- The source `accounts`. User ids are like addresses, and no two users have the same, whatever their names.
CREATE TABLE accounts AS
SELECT
  account,
  pick('first', user_number, getvariable('first_names')) || '.'
  || pick('last', user_number, getvariable('last_names')) || '.'
  || lower(to_base(user_number + 1, 36)) || '@'
  || pick('domain', user_number, getvariable('domains')) AS user_id,
  'user' AS class
FROM made_account
UNION ALL
VALUES
  ('platform-desk', NULL, 'house'),
  ('platform-insurance', NULL, 'insurance'),
  ('platform-fees', NULL, 'fee')

-- name: make-instruments
-- The source `instruments`.
CREATE TABLE instruments AS
SELECT
  instrument,
  kind,
  underlying,
  settlement_asset,
  contract_size::DECIMAL(38, 18) AS contract_size,
  style,
  strike::DECIMAL(38, 18) AS strike,
  expiry_ns,
  option_right AS "right",
  netted
FROM made_instrument

-- name: make-positions
-- The source `positions`, of the users: up to three an account, one for every two accounts. A future is entered within 5 % of
-- its mark for at most twice the account's capacity, an option for at most a tenth of it: none loses more than 11 % of it.
-- Isolated margin lies in cash where there is enough of the asset. One position in a hundred was opened too late.
CREATE TABLE positions AS
WITH opened AS (
  SELECT
    *,
    number * 4 + slot AS key,
    if(
      kind = 'option',
      draw_between('option-size', number * 4 + slot, 1, 10),
      draw_between('future-size', number * 4 + slot, 20, 200)
    ) AS percent,
    if(
      kind = 'option',
      draw_between('premium', number * 4 + slot, 500, 1500),
      draw_between('entry', number * 4 + slot, 950, 1050)
    ) AS entry_permille
  FROM made_capacity, unnest([40, 12, 6]) WITH ORDINALITY AS slots (slot_percent, slot)
  JOIN made_instrument ON place = draw('instrument', number * 4 + slot, getvariable('instrument_count'))
  WHERE chance('position', number * 4 + slot, slot_percent)
),
sized AS (
  SELECT
    *,
    capacity_micros * percent // 100 // stake_micros AS quantity_steps,
    kind <> 'option' AND chance('isolated', key, 35) AS isolated
  FROM opened
),
margined AS (
  SELECT
    sized.*,
    step,
    units_of(capacity_micros * draw_between('margin', key, 2, 5) // 100, decimals, price_e12) AS margin_units,
    coalesce(units, 0) AS cash_units
  FROM sized
  JOIN made_asset ON asset = settlement_asset
  LEFT JOIN made_cash ON made_cash.number = sized.number AND made_cash.asset_index = made_asset.asset_index
)
SELECT
  account,
  'P' || lower(to_base(key, 36)) AS position_id,
  instrument,
  amount(
    quantity_steps * quantity_step_e4 * if(chance('short', key, 50), -1, 1),
    0.0001::DECIMAL(18, 18)
  ) AS quantity,
  amount(greatest(entry_e8 * entry_permille // 1000 // tick_e8, 1) * tick_e8, 0.00000001::DECIMAL(18, 18)) AS entry_price,
  if(isolated, 'isolated', 'cross') AS margin_mode,
  if(isolated, amount(margin_units, step), NULL) AS margin,
  isolated AND margin_units * 2 > cash_units AS margin_outside_cash,
  getvariable('instant_ns') + if(
    chance('position-late', key, 1),
    1 + draw('position-late-time', key, 200000000000),
    -draw('position-time', key, getvariable('window_ns'))
  ) AS at_ns
FROM margined
WHERE quantity_steps > 0 AND margin_units > 0

-- name: make-house-positions
-- The desk is the other side of all positions in the netted instruments.
INSERT INTO positions
SELECT
  'platform-desk' AS account,
  'desk-' || instrument AS position_id,
  instrument,
  -sum(quantity) AS quantity,
  amount(any_value(entry_e8), 0.00000001::DECIMAL(18, 18)) AS entry_price,
  'cross' AS margin_mode,
  NULL AS margin,
  false AS margin_outside_cash,
  getvariable('instant_ns') - 1000000000 AS at_ns
FROM positions
JOIN made_instrument USING (instrument)
WHERE netted AND at_ns <= getvariable('instant_ns')
GROUP BY instrument

-- name: make-settlements
-- The source `settlements`: in 6 % of the holdings up to a twentieth of the cash is on its way, and some of it is in cash
-- already; three isolated positions in ten owe funding.
CREATE TABLE settlements AS
WITH moving AS (
  SELECT *, pick('settlement', holding, ['withdrawal', 'deposit', 'realised', 'funding']) AS kind
  FROM made_cash
  WHERE chance('settling', holding, 6) AND units >= 100
)
SELECT
  account,
  asset,
  kind,
  amount(
    units * draw_between('settling-share', holding, 1, 5) // 100
    * if(kind = 'withdrawal' OR (kind <> 'deposit' AND chance('settling-loss', holding, 50)), -1, 1),
    step
  ) AS amount,
  chance('settled', holding, 40) AS in_cash,
  'S' || lower(to_base(holding, 36)) AS reference,
  NULL AS position_id,
  getvariable('instant_ns') - draw('settling-time', holding, 86400000000000) AS at_ns
FROM moving
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)
UNION ALL
SELECT
  account,
  settlement_asset,
  'funding',
  amount(-1, step),
  false,
  'F-' || position_id,
  position_id,
  getvariable('instant_ns') - 1000000000
FROM positions
JOIN instruments USING (instrument)
JOIN made_asset ON asset = settlement_asset
WHERE
  margin_mode = 'isolated'
  AND at_ns <= getvariable('instant_ns')
  AND chance('isolated-funding', hash(position_id), 30)

-- name: make-collateral
-- The source `collateral`: one holding in twenty has collateral beside it; what an account received is at most a twentieth.
CREATE TABLE collateral AS
WITH pledged AS (
  SELECT *, pick('direction', holding, ['posted', 'posted', 'received']) AS direction
  FROM made_cash
  WHERE chance('collateral', holding, 5) AND units >= 100
)
SELECT
  account,
  asset,
  amount(
    units * if(
      direction = 'posted',
      draw_between('posted', holding, 10, 100),
      draw_between('received', holding, 1, 5)
    ) // 100,
    step
  ) AS amount,
  direction,
  chance('collateral-in-cash', holding, 40) AS in_cash,
  'C' || lower(to_base(holding, 36)) AS reference,
  getvariable('instant_ns') - draw('collateral-time', holding, getvariable('window_ns')) AS at_ns
FROM pledged
JOIN made_account USING (number)
JOIN made_asset USING (asset_index)

-- name: make-loans
-- The source `loans`: one account in eight owes up to 30 % of its capacity in one of four assets, with interest that has
-- more decimals than the unit; one isolated position in five has borrowed half of its margin.
CREATE TABLE loans AS
WITH lent AS (
  SELECT
    *,
    units_of(capacity_micros * draw_between('borrowed', number, 3, 30) // 100, decimals, price_e12) AS units
  FROM made_capacity
  JOIN made_asset ON asset_index = draw('borrowed-asset', number, 4)
  WHERE chance('borrower', number, 12)
)
SELECT
  account,
  'N' || lower(to_base(number, 36)) AS loan_id,
  asset,
  amount(units, step) AS principal,
  amount(least(draw('interest', number, 400000), units), 0.0000000001::DECIMAL(18, 18)) AS interest,
  'all assets of the account' AS secured_by,
  NULL AS position_id,
  getvariable('instant_ns') - draw('loan-time', number, getvariable('window_ns')) AS at_ns
FROM lent
WHERE units > 0
UNION ALL
SELECT
  account,
  'M-' || position_id,
  settlement_asset,
  (margin * 0.5)::DECIMAL(38, 18),
  0::DECIMAL(38, 18),
  position_id,
  position_id,
  getvariable('instant_ns') - 1000000000
FROM positions
JOIN instruments USING (instrument)
WHERE
  margin_mode = 'isolated'
  AND at_ns <= getvariable('instant_ns')
  AND chance('isolated-loan', hash(position_id), 20)

-- name: make-prices
-- The source `prices`: one every five minutes, within half a per cent of the one that is in force at the instant, which is
-- half a minute old.
CREATE TABLE prices AS
SELECT
  asset,
  amount(
    if(turn = 0, price_e12, price_e12 * draw_between('price', asset_index * 64 + turn + 32, 995, 1005) // 1000),
    0.000000000001::DECIMAL(18, 18)
  ) AS price,
  getvariable('instant_ns') + turn * 300000000000 - 30000000000 + asset_index * 1000001 AS at_ns
FROM made_asset, range(-12, 2) AS turns (turn)

-- name: make-marks
-- The source `marks`: a row every five minutes in the running series, the last of them a quarter of a minute old; one row
-- for each settlement price.
CREATE TABLE marks AS
WITH running AS (
  SELECT *, 0.00000001::DECIMAL(18, 18) AS step, hash(instrument, kind) % 1000000 * 64 + turn + 32 AS key
  FROM made_series, range(-12, 2) AS turns (turn)
  WHERE at_ns IS NULL
)
SELECT
  instrument,
  kind,
  amount(if(turn = 0, price_e8, price_e8 * draw_between('mark', key, 990, 1010) // 1000), step) AS price,
  price_asset,
  getvariable('instant_ns') + turn * 300000000000 - 15000000000 AS at_ns
FROM running
UNION ALL
SELECT instrument, kind, amount(price_e8, 0.00000001::DECIMAL(18, 18)), price_asset, at_ns
FROM made_series
WHERE at_ns IS NOT NULL

-- section: users

-- name: select-busiest-user
-- The user with the most to itemise: one who owes what their account has none of, with the most different kinds of rows,
-- and among those the most rows up to a dozen.
WITH kinds AS (
  SELECT account, 'account' AS kind FROM accounts
  UNION ALL
  SELECT account, 'cash' AS kind FROM made_total
  UNION ALL
  SELECT account, if(margin_mode = 'isolated', 'isolated', if(kind = 'option', 'option', 'future')) AS kind
  FROM positions
  JOIN instruments USING (instrument)
  WHERE at_ns <= getvariable('instant_ns')
  UNION ALL
  SELECT account, 'debt' AS kind FROM loans ANTI JOIN made_total USING (account, asset) WHERE position_id IS NULL
  UNION ALL
  SELECT account, 'collateral' AS kind FROM collateral WHERE NOT in_cash
  UNION ALL
  SELECT account, 'settlement' AS kind FROM settlements WHERE NOT in_cash
)
SELECT user_id
FROM kinds
JOIN accounts USING (account)
WHERE user_id IS NOT NULL
GROUP BY user_id
ORDER BY bool_or(kind = 'debt') DESC, count(DISTINCT kind) DESC, least(count(*), 12) DESC, user_id
LIMIT 1
