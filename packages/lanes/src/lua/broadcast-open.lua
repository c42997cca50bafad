#!lua flags=allow-oom
-- Makes a broadcast whose list is whole known; it begins, or waits for those before it.
-- KEYS  1 the bot's base
-- ARGV  1 id  2 'all' | 'list'  3 number of recipients  4 calls per second where they are paid for ('' = free)  5 payload
-- Returns its state.
-- Race closed: no recipient of a list that is still being written is called; opening it again changes nothing.
-- @include clock.lua
-- @include broadcast-turns.lua
local b, id = KEYS[1], ARGV[1]
local key = b .. ':bc:' .. id
if redis.call('EXISTS', key) == 0 then
  local now = string.format('%.0f', clockMs())
  redis.call('HSET', key, 'state', 'waiting', 'audience', ARGV[2], 'total', ARGV[3], 'paid', ARGV[4], 'payload', ARGV[5],
    'revision', 0, 'cursor', '', 'createdAt', now)
  redis.call('PERSIST', key .. ':list')
  redis.call('ZADD', b .. ':broadcasts', now, id)
  redis.call('ZADD', b .. ':bc:waiting', now, id)
  beginNext(b)
end
return redis.call('HGET', key, 'state')
