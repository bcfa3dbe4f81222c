-- An instant that a source states in RFC 3339 with a zone, in nanoseconds since 1970 UTC; null for any other text, and
-- outside the years 1678 to 2261.
CREATE MACRO text_instant(stated) AS
  CASE
    WHEN regexp_full_match(
      stated,
      '[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])'
    )
      THEN epoch_ns(try_cast(stated AS TIMESTAMP_NS))
  END
