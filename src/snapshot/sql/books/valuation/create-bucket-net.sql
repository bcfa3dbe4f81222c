-- What the components of each margin bucket add up to, per asset.
CREATE TABLE bucket_net AS
SELECT account, asset_index, sum(value_units) AS units, sum(rounding) AS rounding
FROM component
GROUP BY account, bucket, asset_index
