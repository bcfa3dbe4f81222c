-- Isolated buckets that are in debt for some asset, one after the other.
SELECT account, bucket, asset_index, net_units
FROM isolated_net
SEMI JOIN (SELECT account, bucket FROM isolated_net WHERE net_units < 0) AS indebted USING (account, bucket)
ORDER BY account, bucket, asset_index
