-- What a token may do about tokens, separated by spaces: rotate, manage-tokens:ACCOUNT. NULL for nothing.
ALTER TABLE tokens ADD COLUMN may TEXT;
-- The token that it was made with; NULL for one that a person made.
ALTER TABLE tokens ADD COLUMN made_by TEXT;
CREATE INDEX tokens_by_maker ON tokens (made_by) WHERE made_by IS NOT NULL;
