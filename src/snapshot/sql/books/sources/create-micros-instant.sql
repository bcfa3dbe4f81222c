-- The nanoseconds since 1970 UTC of an instant that has microseconds at most; null where 64 bits do not hold them.
CREATE MACRO micros_instant(stated) AS
  CASE
    WHEN epoch_us(stated) BETWEEN -9223372036854775 AND 9223372036854775 THEN epoch_us(stated) * 1000
  END
