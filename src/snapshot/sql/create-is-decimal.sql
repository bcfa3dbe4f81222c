-- A non-negative decimal as the protocol reads it: digits, and a point with digits behind it or none.
CREATE MACRO is_decimal(stated) AS
  regexp_full_match(stated, '[0-9]{1,30}([.][0-9]{1,30})?')
