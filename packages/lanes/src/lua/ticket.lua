#!lua flags=allow-oom
-- Decides whether the holder of a call's bytes begins the upload that a sender asks for, or is too late.
-- KEYS  1 the call (as in call.lua; t:<ticket>: what was said of the ticket first)
-- ARGV  1 ticket  2 the holder that takes it ('' = the sender gives it up)
-- Returns 1 where it is so, 0 where the other was first.
-- Race closed: a holder that was frozen hears of tickets when its call has been given to another, answered or forgotten:
-- it begins nothing any more. Nothing is written of a call that was forgotten: nobody would ever remove it.
local known = redis.call('HMGET', KEYS[1], 'w', 'a')
local isTaking = ARGV[2] ~= ''
if isTaking and (known[1] ~= ARGV[2] or known[2]) then return 0 end
if not known[1] then return 1 end
local said = isTaking and 'taken' or 'given up'
redis.call('HSETNX', KEYS[1], 't:' .. ARGV[1], said)
return redis.call('HGET', KEYS[1], 't:' .. ARGV[1]) == said and 1 or 0
