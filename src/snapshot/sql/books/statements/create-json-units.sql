-- Signed proof units as a canonical signed decimal of whole units of the asset, in quotes.
CREATE MACRO json_units(units, decimals) AS concat(
  if(units < 0, '"-', '"'),
  CASE
    WHEN decimals = 0 THEN abs(units)::VARCHAR
    WHEN strlen(abs(units)::VARCHAR) > decimals
      THEN rtrim(
        rtrim(concat(left(abs(units)::VARCHAR, -decimals), '.', right(abs(units)::VARCHAR, decimals)), '0'),
        '.'
      )
    ELSE rtrim(rtrim(concat('0.', lpad(abs(units)::VARCHAR, decimals, '0')), '0'), '.')
  END,
  '"'
)
