-- 10^exponent, exactly, for 0 <= exponent <= 30.
CREATE MACRO power_of_ten(exponent) AS
  ('1' || repeat('0', exponent))::HUGEINT
