-- The part of a proof unit that whole_units cuts off, in units of 10^-30: a decimal has at most 30 fraction digits.
CREATE MACRO cut_fraction(stated, decimals) AS
  rpad(substr(split_part(stated, '.', 2), decimals + 1), 30, '0')::HUGEINT
