#!lua flags=allow-oom
-- Takes or prolongs the right to pump a bot.
-- KEYS  1 the bot's base
-- ARGV  1 token of the pump  2 lease ms
-- Returns 2 taken anew, 1 prolonged, 0 held by another.
-- Race closed: what a dead pump had granted is ready again in the same step in which its successor begins.
-- @include clock.lua
local b = KEYS[1]
local holder = redis.call('GET', b .. ':pump')
if holder == ARGV[1] then
  redis.call('PEXPIRE', b .. ':pump', ARGV[2])
  return 1
end
if holder then return 0 end
redis.call('SET', b .. ':pump', ARGV[1], 'PX', ARGV[2])
local now = clockMs()
for _, chat in ipairs(redis.call('SMEMBERS', b .. ':flights')) do
  local state = redis.call('HGET', b .. ':where', chat)
  if state and string.sub(state, 1, 1) == 'F' then
    local head, again = string.match(state, '^F([^|]*)|[^|]*|([^|]*)$')
    if again ~= '-' and string.sub(again, 1, 1) < string.sub(head, 1, 1) then head = again end
    redis.call('ZADD', b .. ':ready:' .. string.sub(head, 1, 1), now, chat)
    redis.call('HSET', b .. ':where', chat, 'R' .. head)
  end
end
redis.call('DEL', b .. ':flights')
return 2
