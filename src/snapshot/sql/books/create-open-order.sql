-- What open orders reserve.
CREATE TABLE open_order (
  account VARCHAR NOT NULL,
  order_id VARCHAR NOT NULL,
  asset_index INTEGER NOT NULL,
  reserved DECIMAL(38, 18) NOT NULL
)
