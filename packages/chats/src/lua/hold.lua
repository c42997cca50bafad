-- Prolongs reservations of requests that are under way, and notes under which name OpenRouter knows one.
-- KEYS  1 holds  2 due (as in reserve.lua)
-- ARGV  1 ms that they stand from now on  2 generation of the first ('' = not known yet)  3… ids
-- Returns 1.
-- Race closed: a reservation that was settled meanwhile is not made to stand again.
local time = redis.call('TIME')
local untilMs = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
for i = 3, #ARGV do redis.call('ZADD', KEYS[2], 'XX', untilMs, ARGV[i]) end
local held = ARGV[2] ~= '' and redis.call('HGET', KEYS[1], ARGV[3])
if held then
  local before = string.match(held, '^[^|]*|[^|]*|%d+|%d+|')
  redis.call('HSET', KEYS[1], ARGV[3], before .. ARGV[2])
end
return 1
