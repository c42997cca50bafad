#!lua flags=allow-oom
-- Pushes one delivery that belongs to no turn (a replayed dead letter, a call from outside).
-- KEYS  1 out  2 out meta  3 out dirty
-- ARGV  1 chat  2 id  3 class  4 items  5 stream  6 place  7 payload
-- Returns the class of the outbox's head.
-- Race closed: one step keeps the order and `out dirty` true together; a post that is sent again finds its delivery.
-- @include clock.lua
-- @include push.lua
local now = clockMs()
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #ARGV[2] + 1) == ARGV[2] .. '|' then return headClass(KEYS[1]) end
end
local delivery = { id = ARGV[2], class = ARGV[3], items = ARGV[4], stream = ARGV[5], place = ARGV[6], payload = ARGV[7] }
push(KEYS[1], KEYS[2], delivery, now)
redis.call('ZADD', KEYS[3], 'NX', now, ARGV[1])
return headClass(KEYS[1])
