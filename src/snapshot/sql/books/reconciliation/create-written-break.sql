-- What names a break, as breaks.csv has it.
CREATE VIEW written_break AS
SELECT
  kind,
  coalesce(account, '') AS account,
  coalesce(asset, '') AS asset,
  coalesce(instrument, '') AS instrument,
  break_decimal(expected) AS expected,
  break_decimal(found) AS found
FROM listed_break
