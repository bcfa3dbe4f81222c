-- A decimal without zeros at its end.
CREATE MACRO decimal_text(amount) AS
  rtrim(rtrim(amount::VARCHAR, '0'), '.')
