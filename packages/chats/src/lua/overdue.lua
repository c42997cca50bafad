-- Finds reservations that nobody prolongs any more: whose workers died.
-- KEYS  1 holds  2 due (as in reserve.lua)
-- ARGV  1 most that are answered
-- Returns {id, record, id, record, …}; a record is user|chat|tokens|cost|generation
-- Race closed: it is judged on Redis's clock, which the prolonging is noted on.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local held = redis.call('HGET', KEYS[1], id)
  if held then
    found[#found + 1] = id
    found[#found + 1] = held
  else
    redis.call('ZREM', KEYS[2], id)
  end
end
return found
