-- Longs must equal shorts over all accounts, the house's own included, in each instrument that is declared netted.
INSERT INTO book_break
SELECT
  'positions-not-netted' AS kind,
  NULL AS account,
  NULL AS asset_index,
  instrument,
  0 AS expected,
  sum(quantity) AS found,
  sum(quantity) AS difference,
  NULL AS first_differing
FROM open_position
SEMI JOIN (SELECT instrument FROM instrument WHERE netted) AS netted_instrument USING (instrument)
GROUP BY instrument
HAVING sum(quantity) <> 0
