-- Appends one item to a lane unless it was seen before or the lane is over its bound, and marks the lane dirty.
-- KEYS  1 seen (zset of ids of the chat)  2 inbox (list)  3 dirty (zset of lanes by their head's arrival)  4 tally
--       5 turn (hash, of which: bytes, shed as in take.lua)
--       6 index of the chat (set; only where the lane is a place that must be noted in it)
-- ARGV  1 lane  2 id to drop repeats by ('' = none)  3 merge key  4 album  5 payload
--       6 '1' where admission is open  7 seconds that ids are kept  8 tally series to count
--       9 most items of the lane ('' where the item may not be shed)  10 most bytes of the lane
--       11 tally series to count what is shed
--       12 place  13 seconds that the index is kept (12 and 13 only with KEYS 6)
-- Returns 1 appended to an empty lane, which must be woken; 2 appended behind other items, whose wake-up or turn is on
--         its way; 0 seen before; -1 admission is closed; -2 shed: the lane is over its bound, and its next turn says so.
-- Race closed: two gateways that hold the same update append it once; a lane with items is always in `dirty`. What was shed
-- is remembered as seen: a repeat of it does not enter behind what came after it.
-- @include clock.lua
-- @include backlog.lua
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
local most, mostBytes = tonumber(ARGV[9]), tonumber(ARGV[10])
if most then
  local waiting = redis.call('LLEN', KEYS[2])
  local state = redis.call('HMGET', KEYS[5], 'shed', 'bytes')
  local isOver = state[1] or waiting >= most or tonumber(state[2] or '0') + #ARGV[5] > mostBytes
  if waiting > 0 and isOver then
    redis.call('HSETNX', KEYS[5], 'shed', waiting)
    redis.call('HINCRBY', KEYS[4], ARGV[11], 1)
    return -2
  end
end
local item = string.format('%.0f', now) .. '|' .. id .. '|' .. ARGV[3] .. '|' .. ARGV[4] .. '|' .. ARGV[5]
local length = redis.call('RPUSH', KEYS[2], item)
redis.call('HINCRBY', KEYS[5], 'bytes', #item)
countBacklog(KEYS[3], ARGV[1], 1)
if length == 1 then
  redis.call('ZADD', KEYS[3], now, ARGV[1])
  if KEYS[6] then
    redis.call('SADD', KEYS[6], ARGV[12])
    redis.call('EXPIRE', KEYS[6], ARGV[13])
  end
end
redis.call('HINCRBY', KEYS[4], ARGV[8], 1)
return length == 1 and 1 or 2
