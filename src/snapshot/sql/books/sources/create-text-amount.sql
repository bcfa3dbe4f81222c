-- An amount that a source states in text, exactly: at most 20 digits before the point and 18 behind it; null for any
-- other text. DuckDB reads decimals of 18 digits forty times as fast as longer ones, so longer ones are read in halves.
CREATE MACRO text_amount(stated) AS
  CASE
    WHEN regexp_full_match(stated, '-?[0-9]{1,9}([.][0-9]{1,9})?')
      THEN try_cast(stated AS DECIMAL(18, 9))::DECIMAL(38, 18)
    WHEN regexp_full_match(stated, '-?[0-9]{1,18}[.][0-9]{1,18}')
      THEN try_cast(split_part(stated, '.', 1) AS BIGINT)::DECIMAL(38, 18)
        + try_cast(
          if(starts_with(stated, '-'), '-', '') || rpad(split_part(stated, '.', 2), 18, '0') AS BIGINT
        )::DECIMAL(18, 0) * 0.000000000000000001::DECIMAL(18, 18)
    WHEN regexp_full_match(stated, '-?[0-9]{1,20}([.][0-9]{1,18})?')
      THEN try_cast(stated AS DECIMAL(38, 18))
  END
