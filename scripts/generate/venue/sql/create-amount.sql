-- So many steps of a decimal, as a decimal: exact, where a quotient would be a floating point number.
CREATE MACRO amount(steps, step) AS
  (steps::DECIMAL(20, 0) * step)::DECIMAL(38, 18)
