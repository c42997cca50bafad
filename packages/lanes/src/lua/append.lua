-- Appends one item to a lane unless it was seen before, and marks the lane dirty.
-- KEYS  1 seen (zset of ids of the chat)  2 inbox (list)  3 dirty (zset of lanes by their head's arrival)  4 tally
--       5 index of the chat (set; only where the lane is a place that must be noted in it)
-- ARGV  1 lane  2 id to drop repeats by ('' = none)  3 merge key  4 album  5 payload
--       6 '1' where admission is open  7 seconds that ids are kept  8 tally series to count
--       9 place  10 seconds that the index is kept (9 and 10 only with KEYS 5)
-- Returns 1 appended to an empty lane, which must be woken; 2 appended behind other items, whose wake-up or turn is on
--         its way; 0 seen before; -1 admission is closed.
-- Race closed: two gateways that hold the same update append it once; a lane with items is always in `dirty`.
-- @include clock.lua
local id = ARGV[2]
if id ~= '' and redis.call('ZSCORE', KEYS[1], id) then return 0 end
if ARGV[6] ~= '1' then return -1 end
local now = clockMs()
if id ~= '' then
  local seconds = math.floor(now / 1000)
  -- Old ids are removed now and then: each call would pay for what one in sixteen can do.
  if seconds % 16 == 0 then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', seconds - ARGV[7]) end
  redis.call('ZADD', KEYS[1], seconds, id)
  redis.call('EXPIRE', KEYS[1], ARGV[7])
end
local length = redis.call('RPUSH', KEYS[2], string.format('%.0f', now) .. '|' .. id .. '|' .. ARGV[3] .. '|' .. ARGV[4] .. '|' .. ARGV[5])
if length == 1 then
  redis.call('ZADD', KEYS[3], now, ARGV[1])
  if KEYS[5] then
    redis.call('SADD', KEYS[5], ARGV[9])
    redis.call('EXPIRE', KEYS[5], ARGV[10])
  end
end
redis.call('HINCRBY', KEYS[4], ARGV[8], 1)
return length == 1 and 1 or 2
