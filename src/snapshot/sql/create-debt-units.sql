-- Debt is what the user owes: more decimals than the unit holds round down.
CREATE MACRO debt_units(stated, decimals) AS
  whole_units(stated, decimals)
