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
