-- Nanoseconds since 1970 UTC as a canonical RFC 3339 instant, in quotes; null where there is none.
CREATE MACRO json_instant(at_ns) AS if(
  at_ns IS NULL,
  'null',
  concat('"', rtrim(rtrim(strftime(make_timestamp_ns(at_ns), '%Y-%m-%dT%H:%M:%S.%n'), '0'), '.'), 'Z"')
)
