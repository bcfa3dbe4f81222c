-- An isolated position has a margin, and says whether cash is without it already; a cross position has neither.
CREATE MACRO position_fault(margin_mode, margin, margin_outside_cash) AS
  CASE
    WHEN margin_mode = 'isolated' AND margin IS NULL THEN {'column_name': 'margin', 'code': 'value-missing'}
    WHEN margin_mode = 'isolated' AND margin_outside_cash IS NULL
      THEN {'column_name': 'margin_outside_cash', 'code': 'value-missing'}
    WHEN margin_mode = 'cross' AND coalesce(margin <> 0, false)
      THEN {'column_name': 'margin', 'code': 'value-unexpected'}
    WHEN margin_mode = 'cross' AND coalesce(margin_outside_cash, false)
      THEN {'column_name': 'margin_outside_cash', 'code': 'value-unexpected'}
  END
