-- The balance of a holding after a step of its ledger: the opening balance before the first, the cash at the instant
-- after the last. Odd steps move it far, even ones by up to two in a thousand, as fees and funding do.
CREATE MACRO level(holding, opening, units, step, steps) AS
  CASE
    WHEN step = 0 THEN opening
    WHEN step = steps THEN units
    WHEN step > steps THEN units + units // 10 + 1
    WHEN step % 2 = 1 THEN far_level(holding, units, step)
    ELSE share_of(
      far_level(holding, units, step - 1),
      draw_between('near', holding * 1024 + step, 9980, 10020)
    )
  END
