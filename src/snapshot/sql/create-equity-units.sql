-- Equity is what the platform owes: more decimals than the unit holds round up.
CREATE MACRO equity_units(stated, decimals) AS
  whole_units(stated, decimals) + if(cut_fraction(stated, decimals) > 0, 1, 0)
