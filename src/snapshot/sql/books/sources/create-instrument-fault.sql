-- Futures and perpetuals are linear or inverse. Options are premium-paid or futures-style, and have a strike, an expiry
-- and a right, which the others have not; a perpetual has no expiry.
CREATE MACRO instrument_fault(kind, style, strike, expiry_ns, option_right) AS
  CASE
    WHEN (kind = 'option') <> (style IN ('premium-paid', 'futures-style'))
      THEN {'column_name': 'style', 'code': 'choice-unknown'}
    WHEN kind = 'option' AND strike IS NULL THEN {'column_name': 'strike', 'code': 'value-missing'}
    WHEN kind = 'option' AND expiry_ns IS NULL THEN {'column_name': 'expiry', 'code': 'value-missing'}
    WHEN kind = 'option' AND option_right IS NULL THEN {'column_name': 'right', 'code': 'value-missing'}
    WHEN kind <> 'option' AND strike IS NOT NULL THEN {'column_name': 'strike', 'code': 'value-unexpected'}
    WHEN kind <> 'option' AND option_right IS NOT NULL THEN {'column_name': 'right', 'code': 'value-unexpected'}
    WHEN kind = 'perpetual' AND expiry_ns IS NOT NULL THEN {'column_name': 'expiry', 'code': 'value-unexpected'}
  END
