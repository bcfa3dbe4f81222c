-- True in so many cases of a hundred.
CREATE MACRO chance(stream, key, percent) AS
  draw(stream, key, 100) < percent
