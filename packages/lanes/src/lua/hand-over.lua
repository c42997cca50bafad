#!lua flags=allow-oom
-- Notes that the request of an attempt leaves now. It is sent in the same instant as the request, not before: of a
-- sender that is killed both have left, or neither.
-- KEYS  1 out meta
-- ARGV  1 token of the attempt  2 ms after which the outcome of an unanswered request can no longer change
--       3 stage: 'h', or 'e' for a call that is harmless to repeat
-- Returns 1, or 0 where the attempt is no longer this one.
-- Race closed: only what surely was handed over counts as repeated when its outcome stays unknown.
-- @include clock.lua
local standing = redis.call('HGET', KEYS[1], 'attempt') or ''
local token, id = string.match(standing, '^([^|]*)|%d+|%a|(.*)$')
if token ~= ARGV[1] then return 0 end
local untilMs = string.format('%.0f', clockMs() + tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'attempt', token .. '|' .. untilMs .. '|' .. ARGV[3] .. '|' .. id)
return 1
