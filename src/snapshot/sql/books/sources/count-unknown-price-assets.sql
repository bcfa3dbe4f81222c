-- How many marks are prices in something that has no price itself.
SELECT count(*) AS unknown FROM {{table}} WHERE price_asset NOT IN ({{price_assets}})
