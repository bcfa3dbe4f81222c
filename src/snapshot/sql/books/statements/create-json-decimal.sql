-- A DECIMAL(38, 18) as a canonical signed decimal, in quotes; null where there is none.
CREATE MACRO json_decimal(value) AS
  if(value IS NULL, 'null', concat('"', rtrim(rtrim(value::VARCHAR, '0'), '.'), '"'))
