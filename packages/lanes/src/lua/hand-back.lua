#!lua flags=allow-oom
-- Gives a turn back unfinished, so that it is taken again after a pause.
-- KEYS  1 turn  2 turns
-- ARGV  1 lane  2 turn id  3 pause ms  4 '1' where this try counts towards giving up  5 what went wrong ('' = nothing)
-- Returns 1, or 0 where the turn is no longer this one.
-- Race closed: a worker that was replaced can't delay or uncount its successor.
-- @include clock.lua
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[2] then return 0 end
redis.call('HINCRBY', KEYS[1], ARGV[4] == '1' and 'fails' or 'handed', 1)
redis.call('HSET', KEYS[1], 'id', '', 'notBefore', clockMs() + tonumber(ARGV[3]))
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[1], 'error', ARGV[5], 'errorOf', redis.call('HGET', KEYS[1], 'head') or '')
end
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
