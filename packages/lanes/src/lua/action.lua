#!lua flags=allow-oom
-- Asks for one chat action (typing) or draft: 20 in 5 s and 40 in 30 s of one chat, by a log stamped at the asking
-- plus the longest time that the call may take, so that Telegram never sees one more.
-- KEYS  1 the bot's base
-- ARGV  1 chat  2 id of the call  3 ms that the call may take
-- Returns 1 where the call may leave now, else 0.
-- Race closed: several workers answer places of one chat at once; the log is theirs together.
-- @include clock.lua
local b, chat, now = KEYS[1], ARGV[1], clockMs()
if redis.call('EXISTS', b .. ':pause', b .. ':frozen:' .. chat) > 0 then return 0 end
local log = b .. ':actions:' .. chat
redis.call('ZREMRANGEBYSCORE', log, '-inf', now - 30000)
if redis.call('ZCARD', log) >= 40 or redis.call('ZCOUNT', log, '(' .. (now - 5000), '+inf') >= 20 then return 0 end
redis.call('ZADD', log, now + tonumber(ARGV[3]), ARGV[2])
redis.call('PEXPIRE', log, 30000 + tonumber(ARGV[3]))
return 1
