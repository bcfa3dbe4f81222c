-- What rounding up adds to a signed amount, in units of 10^-30 of a proof unit; a remainder has the sign of the amount.
CREATE MACRO amount_rounding(amount, asset) AS
  (asset.cut - amount_fraction(amount) % asset.cut) % asset.cut * asset.cut_unit
