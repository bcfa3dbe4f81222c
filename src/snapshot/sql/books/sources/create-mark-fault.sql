-- A volatility is a plain number; every other mark is a price in an asset. Forwards and volatilities are above 0.
CREATE MACRO mark_fault(kind, price, price_asset) AS
  CASE
    WHEN kind = 'volatility' AND price_asset IS NOT NULL
      THEN {'column_name': 'price_asset', 'code': 'value-unexpected'}
    WHEN kind <> 'volatility' AND price_asset IS NULL THEN {'column_name': 'price_asset', 'code': 'value-missing'}
    WHEN kind IN ('volatility', 'forward') AND price <= 0 THEN {'column_name': 'price', 'code': 'amount-not-positive'}
  END
