-- How many rows name a position that is not an isolated one of the same account.
SELECT count(*) AS unknown
FROM {{table}} AS named
WHERE position_id IS NOT NULL AND NOT EXISTS (
  FROM open_position
  WHERE open_position.account = named.account
    AND open_position.position_id = named.position_id
    AND margin_mode = 'isolated'
)
