#!lua flags=allow-oom
-- Gives a lease up.
-- KEYS  1 the lease
-- ARGV  1 token of the holder
-- Returns 1 given up, 0 where it is another's or had run out.
-- Race closed: who lost the lease without knowing can't take it from its successor.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
