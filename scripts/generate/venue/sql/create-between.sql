-- A whole number from first to last, both included.
CREATE MACRO draw_between(stream, key, first, last) AS
  first + draw(stream, key, last - first + 1)
