#!lua flags=allow-oom
-- Stops a broadcast: nobody is called any more; calls under way end.
-- KEYS  1 the bot's base
-- ARGV  1 id
-- Returns its state: 'stopped', 'stopping' while calls are under way, 'done' where it had ended before, '' where there
--         is none.
-- Race closed: who was fed and not called is kept for when it goes on; a chat that was granted meanwhile finds nothing
-- to send.
-- @include clock.lua
-- @include broadcast-turns.lua
local b, id = KEYS[1], ARGV[1]
local key = b .. ':bc:' .. id
local state = redis.call('HGET', key, 'state')
if state == 'waiting' then
  redis.call('ZREM', b .. ':bc:waiting', id)
  redis.call('HSET', key, 'state', 'stopped', 'endedAt', string.format('%.0f', clockMs()))
  keepFor(b, id, ENDED_KEPT_SECONDS)
elseif state == 'running' then
  redis.call('HSET', key, 'state', 'stopping')
  withdraw(b, id)
end
return redis.call('HGET', key, 'state') or ''
