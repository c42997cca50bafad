-- Publishes the newest state of what a turn is writing. It takes the place of a state that was not shown yet.
-- KEYS  1 turn  2 out  3 out meta  4 out dirty  5 views (as in attempt.lua)
-- ARGV  1 turn id  2 chat  3 stream  4 place  5 payload  6 seconds that what is shown is remembered
-- Returns {'stale'} | {'off'} | {'waiting'} where the one before was not shown yet
--         | {'opened', class of the outbox's head}, which must be readied
-- Race closed: a worker that was replaced publishes nothing; a turn that ended has no previews left behind it.
-- @include clock.lua
-- @include push.lua
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return { 'stale' } end
local stream = ARGV[3]
local view = redis.call('HMGET', KEYS[5], 's:' .. stream, 'm:' .. stream, 'off:' .. stream)
if view[3] then return { 'off' } end
local number = tonumber(string.match(view[1] or '0|', '^%d+')) + 1
redis.call('HSET', KEYS[5], 's:' .. stream, number .. '|' .. ARGV[5])
redis.call('EXPIRE', KEYS[5], ARGV[6])
if view[2] then return { 'waiting' } end
local now = clockMs()
local preview = { id = 'v' .. stream, class = '2', items = '1', stream = stream, place = ARGV[4], payload = '' }
redis.call('HSET', KEYS[5], 'm:' .. stream, push(KEYS[2], KEYS[3], preview, now))
redis.call('ZADD', KEYS[4], 'NX', now, ARGV[2])
return { 'opened', headClass(KEYS[2]) }
