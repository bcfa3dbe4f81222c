-- What a signed amount has behind the point, with its sign, in units of 10^-18.
CREATE MACRO amount_fraction(amount) AS
  right(amount::VARCHAR, 18)::BIGINT * if(amount < 0, -1, 1)
