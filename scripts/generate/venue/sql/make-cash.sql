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
