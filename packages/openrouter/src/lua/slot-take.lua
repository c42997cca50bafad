#!lua flags=allow-oom
-- Takes a slot for a request, or a place in the queue for one.
-- KEYS  1 the slots' base. <base>:held (set of ids by the end of their lease), <base>:queue (set of ids by number),
--       <base>:here (set of waiting ids by the end of their lease), <base>:number
-- ARGV  1 id  2 how many slots there are  3 ms of a lease
-- Returns 1 where the slot is held, else 0
-- Race closed: two never take one slot, and nobody passes those who wait. What a killed process held or waited for is
-- free when its lease is over. A call that the client sends again finds its slot, or its place.
local base, id, most, leaseMs = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local over = string.format('%.0f', now + leaseMs)
redis.call('ZREMRANGEBYSCORE', base .. ':held', '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', base .. ':here', '-inf', now)) do
  redis.call('ZREM', base .. ':queue', gone)
  redis.call('ZREM', base .. ':here', gone)
end
if redis.call('ZSCORE', base .. ':held', id) then
  redis.call('ZADD', base .. ':held', over, id)
  return 1
end
if not redis.call('ZSCORE', base .. ':queue', id) then
  redis.call('ZADD', base .. ':queue', redis.call('INCR', base .. ':number'), id)
end
redis.call('ZADD', base .. ':here', over, id)
local free = most - redis.call('ZCARD', base .. ':held')
if redis.call('ZRANK', base .. ':queue', id) >= free then return 0 end
redis.call('ZREM', base .. ':queue', id)
redis.call('ZREM', base .. ':here', id)
redis.call('ZADD', base .. ':held', over, id)
return 1
