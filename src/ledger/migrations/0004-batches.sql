-- Files that came together: those with the same received_at and the same batch. 0: the transport told the time, so the time alone
-- counts; otherwise a number that one reception gives to all files it takes in without a time of their own. NULL: recorded before.
ALTER TABLE submissions ADD COLUMN batch INTEGER;
