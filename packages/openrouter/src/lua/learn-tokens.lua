#!lua flags=allow-oom
-- Adds to what is known of how a model counts tokens, and tells all of it.
-- KEYS  1 what is known of the model (list of sums)
-- ARGV  1 what the sums so far are multiplied by: they fade  2 seconds that they are kept after the last addition
--       3… what is added to each sum
-- Returns the sums
-- Race closed: processes that add at once lose nothing of each other's. A call that the client sends again adds its
-- prompts twice, which moves a mean over hundreds by little.
local known, sums, adds = redis.call('LRANGE', KEYS[1], 0, -1), {}, false
for i = 3, #ARGV do
  sums[i - 2] = tonumber(known[i - 2] or '0') * tonumber(ARGV[1]) + tonumber(ARGV[i])
  adds = adds or tonumber(ARGV[i]) ~= 0
end
for i, sum in ipairs(sums) do sums[i] = string.format('%.9g', sum) end
if adds then
  redis.call('DEL', KEYS[1])
  redis.call('RPUSH', KEYS[1], unpack(sums))
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return sums
