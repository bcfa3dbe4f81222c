-- One value of a list.
CREATE MACRO pick(stream, key, choices) AS
  choices[draw(stream, key, len(choices)) + 1]
