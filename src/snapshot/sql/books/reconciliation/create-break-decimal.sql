-- The canonical text of a decimal with 18 fraction digits: no zero at the end of a fraction, `0` plain.
CREATE MACRO break_decimal(amount) AS
  rtrim(rtrim(CAST(amount AS VARCHAR), '0'), '.')
