#!lua flags=allow-oom
-- Pushes one delivery that belongs to no turn (a replayed dead letter, a broadcast, a call from outside).
-- KEYS  1 out  2 out meta  3 out dirty
-- ARGV  1 chat  2 id  3 class  4 place  5 payload
-- Returns the class of the outbox's head.
-- Race closed: one step keeps the order and `out dirty` true together; a post that is sent again finds its delivery.
-- @include clock.lua
-- @include push.lua
local now = clockMs()
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #ARGV[2] + 1) == ARGV[2] .. '|' then return headClass(KEYS[1]) end
end
push(KEYS[1], KEYS[2], { id = ARGV[2], class = ARGV[3], place = ARGV[4], payload = ARGV[5] }, now)
redis.call('ZADD', KEYS[3], 'NX', now, ARGV[1])
return headClass(KEYS[1])
