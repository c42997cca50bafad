#!lua flags=allow-oom
-- Ends a reservation: what it held is free again, and what the request really cost is spent.
-- KEYS  1 bot  2 user  3 chat  4 holds  5 due (as in reserve.lua)
-- ARGV  1 id  2 day  3 month  4 tokens ('' = all that it held)  5 cost in billionths of a dollar ('' = all that it held)
--       6 seconds that spends are kept
-- Returns 1, or 0 where it has ended before.
-- Race closed: a worker that thaws and whoever settled for it meanwhile do not both count the same request.
-- @include periods.lua
local held = redis.call('HGET', KEYS[4], ARGV[1])
if not held then return 0 end
local tokens, cost = string.match(held, '^[^|]*|[^|]*|(%d+)|(%d+)|')
tokens, cost = tonumber(tokens), tonumber(cost)
for i = 1, 3 do
  local s = readSpent(KEYS[i], ARGV[2], ARGV[3])
  s.hu, s.ht = s.hu - cost, s.ht - tokens
  local realTokens = ARGV[4] == '' and tokens or tonumber(ARGV[4])
  local realCost = ARGV[5] == '' and cost or tonumber(ARGV[5])
  s.du, s.mu = s.du + realCost, s.mu + realCost
  s.dt, s.mt = s.dt + realTokens, s.mt + realTokens
  writeSpent(KEYS[i], s, ARGV[6])
end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
return 1
