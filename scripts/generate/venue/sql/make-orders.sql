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
