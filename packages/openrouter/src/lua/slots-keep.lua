#!lua flags=allow-oom
-- Prolongs the leases of one process, and tells which of its waiting requests have room now.
-- KEYS  1 the slots' base (slot-take.lua)
-- ARGV  1 how many slots there are  2 ms of a lease  3 how many slots the process holds  4… their ids, then the ids that
--       wait
-- Returns the waiting ids that may take a slot
-- Race closed: a process that was frozen for longer than a lease still counts what it holds, though others may have its
-- slots by now: no new ones are given out before there are fewer again.
local base, most, leaseMs, held = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local over = string.format('%.0f', now + leaseMs)
for i = 4, 3 + held do redis.call('ZADD', base .. ':held', over, ARGV[i]) end
redis.call('ZREMRANGEBYSCORE', base .. ':held', '-inf', now)
for i = 4 + held, #ARGV do
  if redis.call('ZSCORE', base .. ':queue', ARGV[i]) then redis.call('ZADD', base .. ':here', over, ARGV[i]) end
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', base .. ':here', '-inf', now)) do
  redis.call('ZREM', base .. ':queue', gone)
  redis.call('ZREM', base .. ':here', gone)
end
local free = most - redis.call('ZCARD', base .. ':held')
local first = {}
if free > 0 then
  for _, id in ipairs(redis.call('ZRANGE', base .. ':queue', 0, free - 1)) do first[id] = true end
end
local answer = {}
for i = 4 + held, #ARGV do
  -- One that lost its place while Redis was away asks for it anew.
  if first[ARGV[i]] or not redis.call('ZSCORE', base .. ':queue', ARGV[i]) then answer[#answer + 1] = ARGV[i] end
end
return answer
