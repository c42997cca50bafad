#!lua flags=allow-oom
-- Takes or prolongs a lease.
-- KEYS  1 the lease
-- ARGV  1 token of the holder  2 lease ms
-- Returns 1, or 0 where another holds it.
-- Race closed: of two that find the lease free one gets it; only its holder prolongs it.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
