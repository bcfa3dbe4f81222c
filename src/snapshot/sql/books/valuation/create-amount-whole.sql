-- What a signed amount has before the point. Its digits are read from text: dividing 128-bit integers takes longer.
CREATE MACRO amount_whole(amount) AS
  left(amount::VARCHAR, -19)::HUGEINT
