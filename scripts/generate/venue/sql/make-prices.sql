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
