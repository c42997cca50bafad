#!lua flags=allow-oom
-- Takes the taps that nobody has begun to answer in time, to be answered empty.
-- KEYS  1 taps (as in tap.lua)  2 given up (zset of query ids)
-- ARGV  1 ms after which a tap is overdue  2 ms that it is remembered what was given up
-- Returns ids of queries.
-- Race closed: a tap that was begun is not in the set any more, so that it is answered by its handler or empty, not both.
-- @include clock.lua
local now = clockMs()
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[2]))
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[1]), 'LIMIT', 0, 100)
for _, id in ipairs(ids) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('ZADD', KEYS[2], now, id)
end
if #ids > 0 then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return ids
