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
