-- A decimal or integer of any width as text_amount reads it: without zeros at the end of its fraction.
CREATE MACRO stated_decimal(amount) AS
  if(contains(amount::VARCHAR, '.'), rtrim(rtrim(amount::VARCHAR, '0'), '.'), amount::VARCHAR)
