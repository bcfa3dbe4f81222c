-- Why text_amount does not take a text.
CREATE MACRO text_amount_fault(stated) AS
  CASE
    WHEN regexp_full_match(stated, '-?[0-9]{1,20}[.][0-9]+') THEN 'amount-too-precise'
    WHEN regexp_full_match(stated, '-?[0-9]+([.][0-9]+)?') THEN 'amount-too-large'
    WHEN regexp_full_match(stated, '(?i)[-+]?(nan|inf|infinity)') THEN 'amount-not-finite'
    ELSE 'amount-malformed'
  END
