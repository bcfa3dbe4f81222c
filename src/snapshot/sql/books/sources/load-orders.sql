-- What open orders reserve.
INSERT INTO open_order
SELECT account, order_id, asset_index, reserved
FROM read_orders
JOIN book_asset ON symbol = asset
WHERE counted
