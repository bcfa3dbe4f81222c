-- The proof units of a signed amount, rounded up; division cuts toward zero. Beyond the cap it is the cap, which is
-- refused later.
CREATE MACRO amount_units(amount, asset) AS
  least(asset.cap, greatest(-asset.cap, amount_whole(amount))) * asset.unit
  + (amount_fraction(amount) + if(amount > 0, asset.cut - 1, 0)) // asset.cut * asset.fine
