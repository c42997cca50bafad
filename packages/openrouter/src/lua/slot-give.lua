#!lua flags=allow-oom
-- Gives a slot back, or a place in the queue, and tells those whose turn it is now.
-- KEYS  1 the slots' base (slot-take.lua)
-- ARGV  1 id  2 how many slots there are
-- Returns how many were told
-- Race closed: whoever is told still has to take the slot, so a hint that is lost or comes twice does no harm.
local base, id, most = KEYS[1], ARGV[1], tonumber(ARGV[2])
redis.call('ZREM', base .. ':held', id)
redis.call('ZREM', base .. ':queue', id)
redis.call('ZREM', base .. ':here', id)
local free = most - redis.call('ZCARD', base .. ':held')
if free <= 0 then return 0 end
local next = redis.call('ZRANGE', base .. ':queue', 0, free - 1)
for _, waiting in ipairs(next) do redis.call('PUBLISH', base .. ':free', waiting) end
return #next
