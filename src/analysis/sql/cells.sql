-- What every table that a spreadsheet opens has in common.

-- name: create-cell-text
-- A text that no spreadsheet takes for a formula. An apostrophe is put before one that begins with = + - @ or the wide
-- form of one of them, a tab or a line break. Texts are written in quotes, so that no separator in them begins another
-- cell.
CREATE MACRO cell_text(stated) AS
  if(regexp_matches(stated, '^[=+@＝＋－＠\t\r\n-]'), concat('''', stated), stated)

-- name: create-units-text
-- Proof units as a decimal of whole units of the asset, with all its decimals.
CREATE MACRO units_text(units, decimals) AS
  CASE
    WHEN decimals = 0 THEN units::VARCHAR
    ELSE concat(
      if(units < 0, '-', ''),
      left(lpad(abs(units)::VARCHAR, greatest(strlen(abs(units)::VARCHAR), decimals + 1)::INTEGER, '0'), -decimals),
      '.',
      right(lpad(abs(units)::VARCHAR, greatest(strlen(abs(units)::VARCHAR), decimals + 1)::INTEGER, '0'), decimals)
    )
  END
