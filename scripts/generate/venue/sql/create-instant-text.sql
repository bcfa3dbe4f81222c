-- An instant in RFC 3339 with nanoseconds.
CREATE MACRO instant_text(instant_ns) AS
  strftime(make_timestamp(instant_ns // 1000), '%Y-%m-%dT%H:%M:%S')
  || '.' || lpad((instant_ns % 1000000000)::VARCHAR, 9, '0') || 'Z'
