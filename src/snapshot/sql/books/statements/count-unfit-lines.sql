-- Lines with a text that a statement does not hold: empty, beyond 256 bytes, or with a control character or line break.
SELECT count(*) AS row_count
FROM statement_line
WHERE NOT (
  strlen(account) BETWEEN 1 AND 256
  AND strlen(bucket) BETWEEN 1 AND 256
  AND strlen(reference) <= 256
  AND coalesce(strlen(instrument), 1) BETWEEN 1 AND 256
  AND coalesce(strlen(price_source), 1) BETWEEN 1 AND 256
) OR regexp_matches(concat(account, bucket, reference, instrument, price_source), '[\p{Cc}\p{Zl}\p{Zp}]')
