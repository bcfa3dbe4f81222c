-- What rounding up adds to an equity, in units of 10^-30 of a proof unit.
CREATE MACRO equity_rounding(stated, decimals) AS
  if(
    cut_fraction(stated, decimals) > 0,
    1000000000000000000000000000000::HUGEINT - cut_fraction(stated, decimals),
    0::HUGEINT
  )
