#!lua flags=allow-oom
-- Lets a stopped broadcast go on from where it was.
-- KEYS  1 the bot's base
-- ARGV  1 id
-- Returns its state, '' where there is none.
-- Race closed: one that is still stopping goes on in the same step, and none is ever active and waiting at once.
-- @include clock.lua
-- @include broadcast-turns.lua
local b, id = KEYS[1], ARGV[1]
local key = b .. ':bc:' .. id
local state = redis.call('HGET', key, 'state')
if state == 'stopping' then
  redis.call('HSET', key, 'state', 'running')
elseif state == 'stopped' then
  redis.call('HSET', key, 'state', 'waiting')
  redis.call('HDEL', key, 'endedAt')
  keepFor(b, id, nil)
  redis.call('ZADD', b .. ':bc:waiting', clockMs(), id)
  beginNext(b)
end
return redis.call('HGET', key, 'state') or ''
