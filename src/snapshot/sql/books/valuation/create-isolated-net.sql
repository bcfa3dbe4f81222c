-- What each isolated bucket is worth, per asset.
CREATE TABLE isolated_net AS
SELECT account, bucket, asset_index, sum(value_units) AS net_units
FROM component
WHERE bucket <> 'cross'
GROUP BY account, bucket, asset_index
HAVING net_units <> 0
