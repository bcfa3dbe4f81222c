-- A balance anywhere between a fifth and nearly twice of what it will be.
CREATE MACRO far_level(holding, units, step) AS
  share_of(units, draw_between('far', holding * 1024 + step, 2000, 18000))
