#!lua flags=allow-oom
-- Notes that the request to a recipient leaves now. It is sent in the same instant as the request, not before.
-- KEYS  1 the bot's base
-- ARGV  1 chat  2 token of the attempt
-- Returns 1, or 0 where the attempt is no longer this one.
-- Race closed: of a sender that is killed the request and this note have left, or neither; only who was surely handed
-- over is listed as unknown.
-- @include clock.lua
local open = KEYS[1] .. ':open'
local tries, token = string.match(redis.call('HGET', open, ARGV[1]) or '', '^[ih]|(%d+)|%d+|(.*)$')
if token ~= ARGV[2] then return 0 end
redis.call('HSET', open, ARGV[1], 'h|' .. tries .. '|' .. string.format('%.0f', clockMs()) .. '|' .. token)
return 1
