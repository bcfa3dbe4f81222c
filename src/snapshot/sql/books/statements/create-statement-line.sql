-- The lines of all statements in their order: the components of the accounts that belong to users.
CREATE TABLE statement_line AS
SELECT
  user_index, account, bucket, asset_index, kind_index, reference, instrument, quantity, price, price_asset, price_source,
  price_at_ns, entry_price, value_units
FROM component
JOIN book_account USING (account)
JOIN statement_user USING (user_id)
JOIN component_kind USING (kind)
ORDER BY user_index, account, bucket, asset_index, kind_index, reference
