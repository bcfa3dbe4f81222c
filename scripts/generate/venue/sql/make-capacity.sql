-- What each account's cash counts for as collateral, in millionths of the quote currency. Everything that can be lost or
-- is owed is a share of it, and the shares add up to less than the whole: that is why every account is solvent.
CREATE TABLE made_capacity AS
SELECT number, account, sum(collateral_micros)::BIGINT AS capacity_micros
FROM made_cash
JOIN made_account USING (number)
GROUP BY number, account
